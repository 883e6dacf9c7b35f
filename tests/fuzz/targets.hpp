#pragma once

#include <string_view>

/// What each fuzzer does with one input, and what must hold for any input whatever: a promise that
/// does not hold is an ENSURE that fails. The fuzzers and the test over the kept inputs share
/// these.
namespace fuzz {

void ack(std::string_view input);
void batch(std::string_view input);
void broker_address(std::string_view input);
void csv(std::string_view input);
void dht_frame(std::string_view input);
void dimension_table(std::string_view input);
void edges_csv(std::string_view input);
void hcsr04_echo(std::string_view input);
void http_target(std::string_view input);
void json(std::string_view input);
void json_lines(std::string_view input);
void last_event_id(std::string_view input);
void logfmt(std::string_view input);
void mqtt(std::string_view input);
void outbox_file(std::string_view input);
void reading_block(std::string_view input);
void record(std::string_view input);
void redis_reply(std::string_view input);
void replay_position(std::string_view input);
void request(std::string_view input);
void serial(std::string_view input);
void settings(std::string_view input);
void sketch(std::string_view input);
void status(std::string_view input);
void tail_position(std::string_view input);
void time_text(std::string_view input);
void topic(std::string_view input);

}  // namespace fuzz

#include "agent/config/config.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "agent/config/sample_config.hpp"
#include "support/manual_clock.hpp"

namespace {

base::Result<agent::Config> read(const std::string& text) {
    auto settings = base::Settings::parse(text, "agent.toml");
    if (!settings) return settings.error();
    return agent::read_config(std::move(settings).value(), "1.2.3");
}

const std::string kSensor = "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\n";
const std::string kFilter = "[sensor.series.temperature]\n";
const std::string kDht = "[[sensor]]\nname = \"d\"\ndriver = \"dht\"\n";
const std::string kNode = "[node]\nname = \"n\"\n";

/// The commented-out samples switched on: one level of "# " taken off after [[sensor]].
std::string with_every_driver(const std::string& sample) {
    std::string result;
    bool inside = false;
    for (std::size_t start = 0; start < sample.size();) {
        const auto end = sample.find('\n', start);
        auto line = sample.substr(start, end - start);
        start = end + 1;
        if (line == "# [[sensor]]") inside = true;
        if (line.empty()) inside = false;
        if (inside && line.starts_with("# ")) line = line.substr(2);
        result += line + "\n";
    }
    return result;
}

}  // namespace

TEST_CASE("the sample configuration is valid, with its first sensor and with all") {
    const auto sample = read(agent::sample_config());
    REQUIRE_MESSAGE(sample, (sample ? "" : sample.error().detail));
    CHECK(sample.value().sensors.size() == 1);
    const auto all = read(with_every_driver(agent::sample_config()));
    REQUIRE_MESSAGE(all, (all ? "" : all.error().detail));
    CHECK(all.value().sensors.size() == drivers::driver_kinds().size());
}

TEST_CASE("the sample shows the defaults") {
    const auto sample = read(agent::sample_config());
    const auto plain = read(kNode + kSensor);
    REQUIRE(sample);
    REQUIRE_MESSAGE(plain, (plain ? "" : plain.error().detail));
    CHECK(sample.value().outbox.path == plain.value().outbox.path);
    CHECK(sample.value().outbox.quota == plain.value().outbox.quota);
    CHECK(sample.value().agent.flush_every == plain.value().agent.flush_every);
    CHECK(sample.value().agent.uplink.permission == plain.value().agent.uplink.permission);
    CHECK(sample.value().broker.address == plain.value().broker.address);
    CHECK(sample.value().log_level == plain.value().log_level);
    CHECK(sample.value().agent.topics.data("n") == plain.value().agent.topics.data("n"));
}

TEST_CASE("broker, outbox and will have the node's name") {
    const auto config = read(
        "[node]\nname = \"greenhouse-2\"\n[topics]\nroot = \"farm/leat\"\n[outbox]\nmode = "
        "\"durable\"\nquota = \"2MiB\"\nflush = \"500ms\"\ncard_endurance = "
        "\"20TiB\"\n[[sensor]]\nname = \"room\"\ndriver = "
        "\"simulator\"\nperiod = \"3s\"\n");
    REQUIRE_MESSAGE(config, (config ? "" : config.error().detail));
    const auto& read = config.value();
    CHECK(read.broker.client_id == "leat-greenhouse-2");
    REQUIRE(read.broker.subscriptions.size() == 1);
    CHECK(read.broker.subscriptions[0].filter == "farm/leat/greenhouse-2/ack");
    REQUIRE(read.broker.will);
    CHECK(read.broker.will->topic == "farm/leat/greenhouse-2/status");
    CHECK(read.broker.will->payload == R"({"state":"lost"})");
    CHECK(read.broker.will->retain);
    CHECK(read.outbox.node == "greenhouse-2");
    CHECK(read.outbox.quota == 2 * 1024 * 1024);
    CHECK(read.agent.card_endurance == std::uint64_t{20} << 40U);
    CHECK(read.agent.flush_every == std::chrono::milliseconds{500});
    CHECK(read.agent.uplink.permission == delivery::Permission::durable);
    CHECK(read.sensors.at(0).period == std::chrono::seconds{3});
}

TEST_CASE("a sensor is where its node is, unless it says its own place and tags") {
    const auto config = read(
        "[node]\nname = \"n\"\nlocation = \"/house/attic\"\ntags = [\"outdoor\", \"TI-1\"]\n" +
        kSensor + "[[sensor]]\nname = \"b\"\ndriver = \"simulator\"\nlocation = \"/garden\"\n" +
        "tags = []\n[[sensor]]\nname = \"c\"\ndriver = \"simulator\"\nlocation = \"\"\n");
    REQUIRE_MESSAGE(config, (config ? "" : config.error().detail));
    const auto& sensors = config.value().sensors;
    REQUIRE(sensors.size() == 3);
    CHECK(sensors[0].location == "/house/attic");
    CHECK(sensors[0].tags == std::vector<std::string>{"TI-1", "outdoor"});
    CHECK(sensors[1].location == "/garden");
    CHECK(sensors[1].tags.empty());
    CHECK(sensors[2].location.empty());
    CHECK(sensors[2].tags.size() == 2);
    const support::ManualClock clock;
    const auto made = agent::make_sensors(
        config.value(), clock, [](const std::string&) { return std::optional<std::string>{}; });
    REQUIRE(made);
    CHECK(made.value()[0].location == "/house/attic");
    CHECK(made.value()[0].tags == sensors[0].tags);
    CHECK(made.value()[1].location == "/garden");
}

TEST_CASE("a place or a tag that is none is refused once, with what was meant") {
    struct Row {
        const char* name;
        std::string line;
        const char* reported;
    };
    const std::vector<Row> rows{
        {"capital letters", "location = \"/House/Attic\"",
         "agent.toml:3: node.location = \"/House/Attic\" is not a path"},
        {"what was meant", "location = \"House/Living Room/\"",
         "write location = \"/house/living_room\""},
        {"too deep", "location = \"/a/b/c/d/e/f/g/h/i\"", "at most 8 names"},
        {"nothing between", "location = \"/a//b\"", "write location = \"/a/b\""},
        {"a number", "location = 3", "agent.toml:3: node.location"},
        {"a blank", "tags = [\"a b\"]", "agent.toml:3: node.tags: \"a b\" is not a tag"},
        {"twice", "tags = [\"b\", \"a\", \"b\"]", "node.tags: \"b\" is there twice"},
        {"no list", "tags = \"outdoor\"", "agent.toml:3: node.tags"},
        {"too many",
         "tags = [\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\",\"m\","
         "\"n\",\"o\",\"p\",\"q\"]",
         "node.tags: 17 tags, 16 are allowed"},
        {"another word", "area = \"/attic\"", "write location = \"/house/attic\""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto config = read(kNode + row.line + "\n" + kSensor);
        REQUIRE_FALSE(config);
        CAPTURE(config.error().detail);
        CHECK(config.error().fault == base::Fault::misconfigured);
        CHECK(config.error().detail.find(row.reported) != std::string::npos);
        CHECK(config.error().detail.find('\n') == std::string::npos);
    }
    const auto sensor = read(kNode + kSensor + "location = \"attic\"\n");
    REQUIRE_FALSE(sensor);
    CHECK(sensor.error().detail.find("agent.toml:6: sensor.location = \"attic\"") !=
          std::string::npos);
}

TEST_CASE("every mistake is reported with its line and what was meant") {
    struct Row {
        const char* name;
        std::string text;
        const char* reported;
    };
    const std::vector<Row> rows{
        {"no node", kSensor, "agent.toml:1: node.name is missing"},
        {"a bad node name", "[node]\nname = \"Node 1\"\n" + kSensor, "agent.toml:2: node.name"},
        {"a reserved node name", "[node]\nname = \"bridge\"\n" + kSensor,
         "agent.toml:2: node.name"},
        {"an unknown table", kNode + kSensor + "[brokr]\n", "did you mean \"broker\"?"},
        {"an unknown key", kNode + "adress = 1\n" + kSensor, "agent.toml:3: unknown key"},
        {"a small quota", kNode + "[outbox]\nquota = \"1KiB\"\n" + kSensor,
         "agent.toml:4: outbox.quota"},
        {"a quota without unit", kNode + "[outbox]\nquota = 7\n" + kSensor,
         "agent.toml:4: outbox.quota"},
        {"an unknown mode", kNode + "[outbox]\nmode = \"applyed\"\n" + kSensor,
         "did you mean \"applied\"?"},
        {"a topic with a wildcard", kNode + "[topics]\nroot = \"a/#\"\n" + kSensor,
         "agent.toml:4: topics.root"},
        {"an unknown level", kNode + "[log]\nlevel = \"loud\"\n" + kSensor,
         "agent.toml:4: log.level"},
        {"no sensor", kNode, "there is no [[sensor]]"},
        {"a sensor that is no list", kNode + "[sensor]\nname = \"a\"\n",
         "must be written as [[sensor]]"},
        {"a sensor without a name", kNode + "[[sensor]]\ndriver = \"simulator\"\n",
         "agent.toml:3: sensor.name is missing"},
        {"a sensor without a driver", kNode + "[[sensor]]\nname = \"a\"\n",
         "agent.toml:3: sensor.driver is missing"},
        {"a bad sensor name", kNode + "[[sensor]]\nname = \"a.b\"\ndriver = \"simulator\"\n",
         "agent.toml:4: sensor.name = \"a.b\""},
        {"one name twice", kNode + kSensor + kSensor,
         "agent.toml:7: sensor.name = \"room\" is used twice"},
        {"an unknown driver", kNode + "[[sensor]]\nname = \"a\"\ndriver = \"simulater\"\nfoo = 1\n",
         "agent.toml:5: sensor.driver = \"simulater\" is not one of"},
        {"nearly a driver", kNode + "[[sensor]]\nname = \"a\"\ndriver = \"simulater\"\n",
         "did you mean \"simulator\"?"},
        {"a sensor for a driver", kNode + "[[sensor]]\nname = \"a\"\ndriver = \"hc-sr04\"\n",
         "did you mean \"ultrasonic\" (Distance from an HC-SR04"},
        {"a short period", kNode + kSensor + "period = \"1ms\"\n", "agent.toml:6: sensor.period"},
        {"a filter's key misspelt", kNode + kSensor + kFilter + "deadbnd = 1\n",
         "did you mean \"deadband\"?"},
        {"a range upside down", kNode + kSensor + kFilter + "least = 2\nmost = 1\n",
         "agent.toml:7: least is not below most"},
        {"a negative step", kNode + kSensor + kFilter + "step = -1\n", "agent.toml:7: "},
        {"a span that is not sent", kNode + kSensor + kFilter + "span = \"10s\"\n",
         "span needs send = \"partial\""},
        {"a span that tiles no window",
         kNode + kSensor + kFilter + "send = \"partial\"\nspan = \"7s\"\n",
         "agent.toml:8: span must divide a minute"},
        {"partials of changes only",
         kNode + kSensor + kFilter + "send = \"partial\"\ndeadband = 1\n", "exclude each other"},
        {"urgent partials", kNode + kSensor + kFilter + "send = \"partial\"\nurgent = true\n",
         "exclude each other"},
        {"a heartbeat of nothing", kNode + kSensor + kFilter + "heartbeat = \"1m\"\n",
         "heartbeat needs a deadband"},
        {"a name that could be mended", "[node]\nname = \"Living Room\"\n" + kSensor,
         "at most 63, and must not be bridge, central or alert: write name = \"living-room\""},
        {"a sensor's name that could be mended",
         kNode + "[[sensor]]\nname = \"Living Room\"\ndriver = \"simulator\"\n",
         "agent.toml:4: sensor.name = \"Living Room\" may hold a-z, 0-9, _ and - only, a letter or "
         "digit first, at most 63: write name = \"living_room\""},
        {"an outbox without a name", kNode + "[outbox]\npath = \"\"\n" + kSensor,
         "agent.toml:4: outbox.path is empty: it names a file"},
        {"a password in the file", kNode + "[broker]\npassword = \"x\"\n" + kSensor,
         "agent.toml:4: unknown key \"broker.password\": a password does not stand in this file"},
        {"a key of another table", kNode + "address = \"tcp://b\"\n" + kSensor,
         "agent.toml:3: unknown key \"node.address\"; it belongs to [broker]"},
        {"a period for the node", kNode + "period = \"2s\"\n" + kSensor,
         "it belongs to [[sensor]]"},
        {"another word for the broker", kNode + "[mqtt]\nhost = \"b\"\n" + kSensor,
         "agent.toml:3: unknown key \"mqtt\": write [broker]"},
        {"another word for the period", kNode + kSensor + "interval = 5\n",
         "agent.toml:6: unknown key \"sensor.interval\": write period = \"10s\""},
        {"a filter's key that is none", kNode + kSensor + kFilter + "maximum_value = 1\n",
         "known here: deadband, heartbeat, least, most, send, span, step, urgent"},
        {"the chip of a sensor for a driver",
         kNode + "[[sensor]]\nname = \"a\"\ndriver = \"AM2302\"\n",
         "did you mean \"dht\" (Temperature and humidity"},
        {"another name of the DHT22", kNode + kDht + "model = \"AM2302\"\nline = \"GPIO4\"\n",
         "agent.toml:6: sensor.model = \"AM2302\": write model = \"dht22\", which is the same "
         "sensor"},
        {"a DHT11 that is asked too often",
         kNode + kDht + "model = \"dht11\"\nline = \"GPIO4\"\nperiod = \"100ms\"\n",
         "agent.toml:8: sensor.period = 100ms is too short: a DHT11 answers once in 1s at most; "
         "write period = \"1s\", or more"},
        {"a DHT22 that is asked too often",
         kNode + kDht + "model = \"dht22\"\nline = \"GPIO4\"\nperiod = \"1s\"\n",
         "a DHT22 answers once in 2s at most"},
        {"a line without its name", kNode + kDht + "model = \"dht22\"\nline = 4\n",
         "agent.toml:7: sensor.line = 4: 4 may be the line GPIO4 or the pin 4 of the header: write "
         "\"GPIO4\" for the line, or header_pin = 4 for the pin"},
        {"a line without its name, in quotes", kNode + kDht + "model = \"dht22\"\nline = \"4\"\n",
         "write \"GPIO4\" for the line"},
        {"a chip by its number", kNode + kDht + "model = \"dht22\"\nline = \"gpiochip4:4\"\n",
         "agent.toml:7: sensor.line = gpiochip4:4: gpiochip4:4 names a chip by its number, which "
         "differs between kernels: write the line's name, \"GPIO4\""},
        {"a line for the kernel's driver",
         kNode + kDht + "model = \"dht22\"\nbackend = \"iio\"\nline = \"GPIO4\"\n",
         "agent.toml:8: sensor.line is not for backend = \"iio\""},
        {"two sensors on one line",
         kNode + kDht +
             "model = \"dht22\"\nline = \"GPIO4\"\n[[sensor]]\nname = \"p\"\ndriver = "
             "\"pir\"\nheader_pin = 7\n",
         "agent.toml:11: sensor.header_pin: GPIO4 belongs to sensor \"d\" (agent.toml:7) already: "
         "each needs one of its own"},
        {"a sensor whose two lines are one",
         kNode + "[[sensor]]\nname = \"u\"\ndriver = \"ultrasonic\"\ntrigger = \"GPIO5\"\necho = "
                 "\"pinctrl-bcm2711:5\"\n",
         "agent.toml:7: sensor.echo: GPIO5 belongs to sensor \"u\" (agent.toml:6) already"},
        {"two sensors on one port",
         kNode + "[[sensor]]\nname = \"s\"\ndriver = \"serial\"\nport = \"/dev/ttyUSB0\"\n"
                 "[[sensor]]\nname = \"t\"\ndriver = \"serial\"\nport = \"/dev/ttyUSB0\"\n",
         "sensor.port: /dev/ttyUSB0 belongs to sensor \"s\" (agent.toml:6) already"},
        {"a driver's key misspelt", kNode + kSensor + "sead = 1\n", "did you mean \"seed\"?"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto config = read(row.text);
        REQUIRE_FALSE(config);
        CHECK(config.error().fault == base::Fault::misconfigured);
        CHECK_MESSAGE(config.error().detail.find(row.reported) != std::string::npos,
                      config.error().detail);
    }
}

TEST_CASE("sensors on lines of their own are no trouble") {
    const auto config = read(kNode + kDht +
                             "model = \"dht22\"\nline = \"GPIO4\"\n[[sensor]]\nname = "
                             "\"p\"\ndriver = \"pir\"\nheader_pin = 11\n[[sensor]]\n"
                             "name = \"k\"\ndriver = \"dht\"\nmodel = \"dht11\"\n"
                             "backend = \"iio\"\nperiod = \"1s\"\n");
    REQUIRE_MESSAGE(config, (config ? "" : config.error().detail));
    CHECK(config.value().sensors.size() == 3);
}

TEST_CASE("the series of a sensor get the filters of their tables") {
    const auto config =
        read(kNode + kSensor + kFilter +
             "least = -10\nmost = 50\nstep = 5\ndeadband = 0.2\nheartbeat = \"10m\"\n" +
             "[sensor.series.distance]\nsend = \"partial\"\nspan = \"5m\"\n" +
             "[sensor.series.motion]\nurgent = true\n");
    REQUIRE_MESSAGE(config, (config ? "" : config.error().detail));
    const auto& filters = config.value().sensors.at(0).filters;
    REQUIRE(filters.size() == 3);
    const auto& temperature = filters.at("temperature");
    CHECK(temperature.least == -10);
    CHECK(temperature.most == 50);
    CHECK(temperature.step == 5);
    CHECK(temperature.deadband == 0.2);
    CHECK(temperature.heartbeat == std::chrono::minutes{10});
    CHECK(!temperature.is_partial());
    CHECK(!temperature.urgent);
    CHECK(filters.at("distance").span == std::chrono::minutes{5});
    CHECK(filters.at("motion").urgent == true);
}

TEST_CASE("a driver that cannot be made says which sensor and where") {
    const support::ManualClock clock;
    const auto config =
        read(kNode +
             "[[sensor]]\nname = \"office\"\ndriver = \"replay\"\nfile = "
             "\"/nowhere.csv\"\ntime_column = \"t\"\n[sensor.columns]\nA = \"a\"\n");
    REQUIRE_MESSAGE(config, (config ? "" : config.error().detail));
    const auto sensors =
        agent::make_sensors(config.value(), clock, [](const std::string&) { return std::nullopt; });
    REQUIRE_FALSE(sensors);
    CHECK(sensors.error().fault == base::Fault::misconfigured);
    CHECK(sensors.error().detail.find("agent.toml:3: sensor \"office\": ") == 0);
}

TEST_CASE("a driver is given the position that its sensor committed") {
    const support::ManualClock clock;
    const auto config = read(kNode + kSensor);
    REQUIRE(config);
    std::vector<std::string> asked;
    const auto sensors = agent::make_sensors(config.value(), clock, [&](const std::string& sensor) {
        asked.push_back(sensor);
        return std::nullopt;
    });
    REQUIRE(sensors);
    CHECK(asked == std::vector<std::string>{"room"});
    CHECK(sensors.value()[0].kind == "simulator");
}

TEST_CASE("before_sync says how far an unsynchronised clock is trusted") {
    using agent::BeforeSync;
    CHECK(read(kNode + kSensor).value().before_sync == BeforeSync::automatic);
    CHECK(read(kNode + kSensor + "[clock]\nbefore_sync = \"boot\"\n").value().before_sync ==
          BeforeSync::boot);
    CHECK(read(kNode + kSensor + "[clock]\nbefore_sync = \"wall\"\n").value().before_sync ==
          BeforeSync::wall);
    const auto wrong = read(kNode + kSensor + "[clock]\nbefore_sync = \"walls\"\n");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().detail.find("wall") != std::string::npos);
}

TEST_CASE("commands are subscribed to if any is allowed, Home Assistant if discovery is on") {
    const auto plain = read(kNode + kSensor);
    REQUIRE(plain);
    CHECK(plain.value().commands.allow.empty());
    CHECK(!plain.value().home_assistant.discovery);
    CHECK(plain.value().broker.subscriptions.size() == 1);
    const auto open =
        read(kNode + kSensor +
             "[commands]\nallow = [\"ping\", \"log-level\"]\n[homeassistant]\ndiscovery = "
             "true\nprefix = \"ha/x\"\n");
    REQUIRE_MESSAGE(open, (open ? "" : open.error().detail));
    CHECK(open.value().commands.allow == std::vector{agent::Verb::ping, agent::Verb::log_level});
    REQUIRE(open.value().broker.subscriptions.size() == 3);
    CHECK(open.value().broker.subscriptions[1].filter == "leat/v1/n/request/+");
    CHECK(open.value().broker.subscriptions[2].filter == "ha/x/status");
}

TEST_CASE("a command that does not exist is an error that names the nearest one") {
    const auto config = read(kNode + "[commands]\nallow = [\"pimg\", \"read\"]\n" + kSensor +
                             "[homeassistant]\nprefix = \"a/#\"\n");
    REQUIRE(!config);
    CHECK(config.error().detail.find("agent.toml:4: commands.allow: \"pimg\" is not one of") !=
          std::string::npos);
    CHECK(config.error().detail.find("did you mean \"ping\"?") != std::string::npos);
    CHECK(config.error().detail.find("homeassistant.prefix is not a topic") != std::string::npos);
}

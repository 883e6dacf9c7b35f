#include "central/engine/states/visits.hpp"

namespace engine {

void Visits::add(const Stretch& older) {
    const bool goes_on = visit_ && older.is_exact && older.value == visit_->value &&
                         holding_.holds(older.to, visit_->from);
    if (goes_on) {
        visit_->from = older.from;
        visit_->readings += older.readings;
        if (holding_.blind_in(older.from, older.to)) visit_->is_certain = false;
    } else {
        complete();
        if (older.is_exact) visit_ = begin(older);
    }
    newer_ = older;
}

void Visits::finish(bool is_whole) {
    if (visit_ && !is_whole) visit_->is_certain = false;
    complete();
}

void Visits::complete() {
    if (visit_) whole_.push_back(*visit_);
    visit_.reset();
}

Visit Visits::begin(const Stretch& stretch) const {
    Visit visit{.from = stretch.from,
                .to = stretch.to,
                .until = {},
                .value = stretch.value,
                .readings = stretch.readings,
                .end = VisitEnd::unknown,
                .is_certain = !holding_.blind_in(stretch.from, stretch.to)};
    if (!newer_) {
        const bool is_overdue = holding_.end_of(stretch.to, now_) < now_;
        if (!is_overdue) visit.end = VisitEnd::open;
    } else if (holding_.holds(stretch.to, newer_->from) && newer_->value != stretch.value) {
        visit.end = VisitEnd::changed;
        visit.until = newer_->from;
    }
    return visit;
}

}  // namespace engine

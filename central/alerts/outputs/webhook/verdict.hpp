#pragma once

#include "central/alerts/outputs/courier/courier.hpp"
#include "central/alerts/outputs/webhook/post.hpp"

namespace alerts {

/// What an answer means: 2xx is delivered; no answer, 5xx, 408, 425 and 429 are tried again, as
/// late as the receiver wishes; everything else is refused, redirects too.
Attempt judge(const PostAnswer& answer);

}  // namespace alerts

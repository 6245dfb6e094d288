// SPDX-License-Identifier: Apache-2.0

//! Parsing and formatting of moments. The chain uses Unix milliseconds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use twinchain_client::Failure;

/// The last moment that can be formatted: RFC 3339 has four digits for the year.
const LAST: u64 = 253_402_300_799_000;

/// Parses a duration, such as 30d, 12h or 1h 30m. Returns milliseconds.
pub fn parse_span(text: &str) -> Result<u64, Failure> {
    let span = humantime::parse_duration(text).ok().filter(|span| !span.is_zero());
    span.and_then(|span| u64::try_from(span.as_millis()).ok()).ok_or_else(|| {
        Failure::usage(format!("{text} is not a duration")).fix("write it as 30d, 12h or 45m")
    })
}

/// Parses a moment: a date with an optional time in UTC (2026-12-31 or 2026-12-31T23:59:59Z), or a
/// duration from `now`. A date alone means the end of that day.
pub fn parse_moment(text: &str, now: u64) -> Result<u64, Failure> {
    if let Ok(span) = parse_span(text) {
        return now.checked_add(span).ok_or_else(|| Failure::usage("the moment is too far away"));
    }
    let moment = humantime::parse_rfc3339(text)
        .or_else(|_| humantime::parse_rfc3339(&format!("{text}T23:59:59Z")));
    let since = moment.ok().and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_millis()).ok()).ok_or_else(|| {
        Failure::usage(format!("{text} is not a date or duration"))
            .fix("write 2026-12-31, 2026-12-31T23:59:59Z, or a time from now such as 30d")
    })
}

/// Formats a moment as RFC 3339.
pub fn show(moment: u64) -> String {
    let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(moment.min(LAST));
    humantime::format_rfc3339_seconds(moment).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_parsed_and_formatted() {
        for (text, moment) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:30:15Z", 951_827_415_000),
            ("2026-12-31T23:59:59Z", 1_798_761_599_000),
        ] {
            assert_eq!(parse_moment(text, 0).unwrap(), moment);
            assert_eq!(show(moment), text);
        }
        assert_eq!(parse_moment("2026-12-31", 0).unwrap(), 1_798_761_599_000);
        assert_eq!(parse_moment("2h", 5).unwrap(), 7_200_005);
        let dates = ["2026-02-30", "2026-13-01", "1969-12-31"];
        for text in ["", "d", "1", "-1d", "0d", "1q", "ü"].into_iter().chain(dates) {
            assert!(parse_moment(text, 0).is_err(), "{text}");
        }
        assert!(parse_moment("1d", u64::MAX).is_err());
        assert_eq!(show(u64::MAX), "9999-12-31T23:59:59Z");
    }
}

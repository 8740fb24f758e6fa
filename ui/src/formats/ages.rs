//! How long ago, and how long still.

use js_sys::Date;
use pricing_domain::Instant;

use super::intl::milliseconds;

/// “just now”, “12 min ago”, “3 h ago”, “5 days ago”.
pub fn age(at: Instant) -> String {
    let seconds = ((Date::now() - milliseconds(at)) / 1000.0).max(0.0) as u64;
    match seconds {
        0..60 => "just now".to_owned(),
        _ => format!("{} ago", duration(seconds)),
    }
}

/// The largest unit that says enough: “40 s”, “12 min”, “3 h”, “5 days”.
pub fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_use_the_largest_unit_that_says_enough() {
        let texts: Vec<String> = [0, 59, 60, 3_599, 3_600, 172_799, 172_800].into_iter().map(duration).collect();
        assert_eq!(texts, ["0 s", "59 s", "1 min", "59 min", "1 h", "47 h", "2 days"]);
    }
}

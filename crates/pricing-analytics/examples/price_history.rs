//! Draws a made-up price history in several sizes and themes into a folder, and says how long a picture takes:
//! `cargo run --release -p pricing-analytics --example price_history -- FOLDER`.

use std::error::Error;
use std::path::Path;
use std::time::Instant as Clock;

use pricing_analytics::{CompetitorLine, NumberStyle, Palette, PriceHistoryChart, PriceSpan, draw};
use pricing_domain::{Currency, Instant};

const NAMES: [&str; 11] = [
    "ElektroMax",
    "TechHaus",
    "Kabel & Co",
    "MediaDiscount",
    "Werkzeugwelt Süd",
    "Büro-Direkt",
    "Preisfuchs",
    "HomeSupply International GmbH",
    "Nordlicht",
    "Q",
    "Alpen-Versand",
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder to write to")?;
    for (name, width, height, days, competitors, dark) in [
        ("small-light", 240, 160, 30, 3, false),
        ("small-dark", 320, 200, 90, 5, true),
        ("panel-light", 640, 280, 90, 4, false),
        ("panel-dark", 640, 280, 30, 8, true),
        ("wide-light", 1400, 360, 400, 11, false),
        ("wide-dark", 1400, 360, 2, 5, true),
        ("alone-light", 640, 240, 60, 0, false),
    ] {
        let chart = sample(width, height, days, competitors, dark);
        let begun = Clock::now();
        let rounds = 50;
        for _ in 1..rounds {
            draw(&chart)?;
        }
        let drawn = draw(&chart)?;
        let each = begun.elapsed() / rounds;
        std::fs::write(Path::new(&folder).join(format!("{name}.svg")), &drawn.svg)?;
        println!("{name}: {each:?}, {} bytes, {} points: {}", drawn.svg.len(), drawn.points.len(), drawn.title);
    }
    Ok(())
}

fn sample(width: u32, height: u32, days: i64, competitors: usize, dark: bool) -> PriceHistoryChart {
    let to: Instant = "2026-11-22T10:30:00Z".parse().expect("an instant");
    let from = to.plus_days(-days);
    let line = |(place, name): (i64, &&str)| CompetitorLine {
        name: (*name).to_owned(),
        spans: spans(from, days, 2390 + place * 37 % 260, place + 2),
    };
    PriceHistoryChart {
        width,
        height,
        currency: Currency::EUR,
        palette: palette(dark),
        from,
        to,
        own: spans(from, days, 2490, 0),
        competitors: (0..).zip(NAMES.iter().take(competitors)).map(line).collect(),
        reading_holds_hours: 48,
        promotions: vec![(to.plus_hours(-days * 12), to.plus_hours(-days * 7))],
        labels: NumberStyle { decimal_separator: '.', grouping: ',' },
    }
}

/// Twelve stretches around `base`; line 0 has no gaps, the others miss readings or stock in places.
fn spans(from: Instant, days: i64, base: i64, line: i64) -> Vec<PriceSpan> {
    let hours = days * 2;
    (0..12)
        .filter(|place| line == 0 || (place * 7 + line * 5) % 11 != 3)
        .map(|place| PriceSpan {
            from: from.plus_hours(place * hours),
            to: from.plus_hours((place + 1) * hours - if line == 0 { 0 } else { line % 3 }),
            amount_minor: base + ((place / 2 * (line + 3) * 53) % 9 - 4) * 20,
            available: line == 0 || (place + line) % 8 != 5,
        })
        .collect()
}

fn palette(dark: bool) -> Palette {
    let theme = match dark {
        true => ["#16181d", "#e8eaed", "#a0a6b0", "#343a44", "#6ea8fe"],
        false => ["#ffffff", "#1b1f24", "#5c6470", "#d5d9df", "#1f5fd1"],
    };
    let [surface, text, text_muted, border, own_price] = theme.map(str::to_owned);
    let competitors = match dark {
        true => ["#f2a65a", "#5ec9a6", "#e57aa5", "#b69cf0", "#d9c65a", "#7fc4e8", "#e58a7a", "#a8b58c"],
        false => ["#b45309", "#0f766e", "#b0256d", "#6d43c0", "#7a6a00", "#0a6c9c", "#b23b2a", "#55663a"],
    };
    Palette { surface, text, text_muted, border, own_price, competitors: competitors.map(str::to_owned).to_vec() }
}

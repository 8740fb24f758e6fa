//! Strategies and offer policies as lines.

use pricing_domain::{
    Adjustment, AgeSince, BasisPoints, CategoryIndex, CompetitorReference, CompetitorWeight, CoverBand, MarkdownBase,
    MarkdownStep, OfferPolicy, Strategy, TableBand, decimal_text, parse_scaled,
};

use super::two_way_tables;
use super::words::{Once, Words, one_line, percent, quoted, quoted_list};

/// Between the parts of a table on its line; no expression contains it.
pub(super) const BAR: char = '|';

/// A strategy on one line.
pub(super) fn strategy_text(strategy: &Strategy) -> String {
    match strategy {
        Strategy::Keep => "keep".into(),
        Strategy::Competitor { reference, adjust, offers } => {
            format!("{}{}{}", reference_text(reference), adjustment_text(*adjust), with_text(offers))
        }
        Strategy::CostPlusMargin { margin } => format!("margin {}", percent(*margin)),
        Strategy::CostPlusMarkup { markup } => format!("markup {}", percent(*markup)),
        Strategy::RecommendedPrice { adjust } => format!("recommended{}", adjustment_text(*adjust)),
        Strategy::Formula(text) => format!("formula {}", one_line(text)),
        Strategy::Follow { list, product, adjust } => {
            let list = list.iter().map(|code| format!(" list {}", quoted(code)));
            let product = product.iter().map(|sku| format!(" product {}", quoted(sku)));
            let from: String = list.chain(product).collect();
            format!("follow{from}{}", adjustment_text(*adjust))
        }
        Strategy::StockCover { bands } => {
            let bands = bands.iter().map(|band| format!("{} days {}", band.from_days, percent(band.change)));
            format!("cover {}", bands.collect::<Vec<_>>().join(", "))
        }
        Strategy::Markdown { since, base, steps } => {
            let since = match since {
                AgeSince::Listed => "listed",
                AgeSince::PriceChanged => "price_changed",
            };
            let base = match base {
                MarkdownBase::RecommendedPrice => "recommended",
                MarkdownBase::MaxPrice => "max_price",
            };
            let steps = steps.iter().map(|step| format!("{} days {}", step.after_days, percent(step.off)));
            format!("markdown {base} since {since} {}", steps.collect::<Vec<_>>().join(", "))
        }
        Strategy::IndexTarget { reference, index: of_all, by_category, offers } => {
            let index = |index: &BasisPoints| decimal_text(i64::from(index.0), 2, 0);
            let targets = by_category.iter().map(|one| format!("{} {}", quoted(&one.category), index(&one.index)));
            let targets = match by_category.as_slice() {
                [] => String::new(),
                _ => format!(" by category {}", targets.collect::<Vec<_>>().join(", ")),
            };
            format!("index {} of {}{targets}{}", index(of_all), reference_text(reference), with_text(offers))
        }
        Strategy::TwoWayTable(table) => two_way_tables::head(table),
        Strategy::Table { of, bands } => {
            let from =
                |band: &TableBand| band.from.as_ref().map_or(String::new(), |from| format!("{}: ", one_line(from)));
            let bands = bands.iter().map(|band| format!(" {BAR} {}{}", from(band), one_line(&band.price)));
            format!("table {}{}", one_line(of), bands.collect::<String>())
        }
    }
}

fn reference_text(reference: &CompetitorReference) -> String {
    match reference {
        CompetitorReference::Lowest => "lowest".into(),
        CompetitorReference::Highest => "highest".into(),
        CompetitorReference::Nth(n) => format!("nth {n}"),
        CompetitorReference::Average => "average".into(),
        CompetitorReference::Median => "median".into(),
        CompetitorReference::Named(names) => format!("first of {}", quoted_list(names)),
        CompetitorReference::Weighted(weights) => {
            let weights = weights.iter().map(|one| format!("{} {}", quoted(&one.competitor), one.weight));
            format!("weighted {}", weights.collect::<Vec<_>>().join(", "))
        }
    }
}

fn adjustment_text(adjust: Adjustment) -> String {
    match adjust {
        Adjustment::None => String::new(),
        Adjustment::Percent(rate) if rate.0 < 0 => format!(" - {}", percent(BasisPoints(rate.0.saturating_neg()))),
        Adjustment::Percent(rate) => format!(" + {}", percent(rate)),
        Adjustment::AmountMinor(amount) if amount < 0 => format!(" - {} minor", amount.saturating_neg()),
        Adjustment::AmountMinor(amount) => format!(" + {amount} minor"),
    }
}

fn with_text(offers: &OfferPolicy) -> String {
    let parts = policy_text(offers);
    if parts.is_empty() { String::new() } else { format!(" with {parts}") }
}

/// What differs from the ordinary policy; empty: nothing.
pub(super) fn policy_text(offers: &OfferPolicy) -> String {
    let ordinary = OfferPolicy::default();
    let mut parts: Vec<String> = Vec::new();
    let flags = [
        (offers.with_shipping, "shipping"),
        (!offers.in_stock_only, "sold out"),
        (offers.exact_only, "exact"),
        (offers.ignore_below_floor, "above floor"),
    ];
    parts.extend(flags.into_iter().filter(|(holds, _)| *holds).map(|(_, words)| words.to_owned()));
    if offers.max_age_hours != ordinary.max_age_hours {
        parts.push(format!("{} hours", offers.max_age_hours));
    }
    if offers.outlier != ordinary.outlier {
        parts
            .push(offers.outlier.map_or_else(|| "all outliers".into(), |limit| format!("outliers {}", percent(limit))));
    }
    if !offers.only.is_empty() {
        parts.push(format!("only {}", quoted_list(&offers.only)));
    }
    parts.join(", ")
}

/// Reads a strategy; the whole line belongs to it.
pub(super) fn read_strategy(words: &mut Words<'_>) -> Result<Strategy, String> {
    let strategy = if words.take("keep") {
        Strategy::Keep
    } else if words.take("margin") {
        Strategy::CostPlusMargin { margin: words.percent()? }
    } else if words.take("markup") {
        Strategy::CostPlusMarkup { markup: words.percent()? }
    } else if words.take("recommended") {
        Strategy::RecommendedPrice { adjust: read_adjustment(words)? }
    } else if words.take("formula") {
        Strategy::Formula(words.take_rest().to_owned())
    } else if words.take("follow") {
        let list = if words.take("list") { Some(words.text()?) } else { None };
        let product = if words.take("product") { Some(words.text()?) } else { None };
        Strategy::Follow { list, product, adjust: read_adjustment(words)? }
    } else if words.take("cover") {
        let bands = read_days(words)?;
        let bands = bands.into_iter().map(|(from_days, change)| CoverBand { from_days, change }).collect();
        Strategy::StockCover { bands }
    } else if words.take("markdown") {
        read_markdown(words)?
    } else if words.take("index") {
        let index = read_index(words)?;
        if !words.take("of") {
            return Err("Behind a price index stands “of” and what it is measured by: index 98.5 of average".into());
        }
        let reference = read_reference(words)?;
        let by_category = if words.take("by category") { read_targets(words)? } else { Vec::new() };
        Strategy::IndexTarget { reference, index, by_category, offers: read_with(words)? }
    } else if words.take("table") {
        read_table(words.take_rest())?
    } else {
        Strategy::Competitor {
            reference: read_reference(words)?,
            adjust: read_adjustment(words)?,
            offers: read_with(words)?,
        }
    };
    words.end()?;
    Ok(strategy)
}

fn read_index(words: &mut Words<'_>) -> Result<BasisPoints, String> {
    let text = words.word();
    let index = parse_scaled(text, 2).and_then(|index| i32::try_from(index).ok()).map(BasisPoints);
    index.ok_or_else(|| format!("A price index is a number such as 98.5, not “{text}”"))
}

/// `"TV & Audio" 97, "TV & Audio > Headphones" 102`.
fn read_targets(words: &mut Words<'_>) -> Result<Vec<CategoryIndex>, String> {
    let mut targets = Vec::new();
    loop {
        targets.push(CategoryIndex { category: words.text()?, index: read_index(words)? });
        if !words.take(",") {
            return Ok(targets);
        }
    }
}

fn read_reference(words: &mut Words<'_>) -> Result<CompetitorReference, String> {
    if words.take("lowest") {
        Ok(CompetitorReference::Lowest)
    } else if words.take("highest") {
        Ok(CompetitorReference::Highest)
    } else if words.take("nth") {
        Ok(CompetitorReference::Nth(words.whole()?))
    } else if words.take("average") {
        Ok(CompetitorReference::Average)
    } else if words.take("median") {
        Ok(CompetitorReference::Median)
    } else if words.take("first of") {
        Ok(CompetitorReference::Named(words.texts()?))
    } else if words.take("weighted") {
        let mut weights = Vec::new();
        loop {
            weights.push(CompetitorWeight { competitor: words.text()?, weight: words.whole()? });
            if !words.take(",") {
                return Ok(CompetitorReference::Weighted(weights));
            }
        }
    } else {
        let word = words.word();
        Err(format!(
            "“{word}” is no way to find a price. One of: keep, lowest, highest, nth 2, average, median, first of \"A\", \
             weighted \"A\" 2, margin 25 %, markup 40 %, recommended, formula …, follow list \"…\", index 98.5 of …, \
             cover …, markdown …, table …"
        ))
    }
}

fn read_adjustment(words: &mut Words<'_>) -> Result<Adjustment, String> {
    let sign = if words.take("-") {
        -1
    } else if words.take("+") {
        1
    } else {
        return Ok(Adjustment::None);
    };
    let mut amount = *words;
    if let Ok(minor) = amount.minor() {
        *words = amount;
        return Ok(Adjustment::AmountMinor(sign * minor));
    }
    let rate = words.percent()?;
    Ok(Adjustment::Percent(BasisPoints(sign as i32 * rate.0)))
}

fn read_with(words: &mut Words<'_>) -> Result<OfferPolicy, String> {
    if words.take("with") { read_policy(words) } else { Ok(OfferPolicy::default()) }
}

/// Reads what differs from the ordinary policy; nothing is the ordinary one.
pub(super) fn read_policy(words: &mut Words<'_>) -> Result<OfferPolicy, String> {
    let (mut offers, mut once) = (OfferPolicy::default(), Once::default());
    while !words.is_empty() {
        if words.take("shipping") {
            once.note("shipping")?;
            offers.with_shipping = true;
        } else if words.take("sold out") {
            once.note("sold out")?;
            offers.in_stock_only = false;
        } else if words.take("exact") {
            once.note("exact")?;
            offers.exact_only = true;
        } else if words.take("above floor") {
            once.note("above floor")?;
            offers.ignore_below_floor = true;
        } else if words.take("all outliers") {
            once.note("outliers")?;
            offers.outlier = None;
        } else if words.take("outliers") {
            once.note("outliers")?;
            offers.outlier = Some(words.percent()?);
        } else if words.take("only") {
            once.note("only")?;
            offers.only = words.texts()?;
        } else {
            once.note("hours")?;
            offers.max_age_hours = words.whole()?;
            if !words.take("hours") {
                return Err("Behind the age of offers stands “hours”".into());
            }
        }
        if !words.take(",") {
            break;
        }
    }
    Ok(offers)
}

/// `10 days -3 %, 90 days -15 %`.
fn read_days(words: &mut Words<'_>) -> Result<Vec<(u32, BasisPoints)>, String> {
    let mut found = Vec::new();
    loop {
        let days = words.whole()?;
        if !words.take("days") {
            return Err("Behind the number of days stands “days”".into());
        }
        found.push((days, words.percent()?));
        if !words.take(",") {
            return Ok(found);
        }
    }
}

fn read_markdown(words: &mut Words<'_>) -> Result<Strategy, String> {
    let base = if words.take("recommended") {
        MarkdownBase::RecommendedPrice
    } else if words.take("max_price") {
        MarkdownBase::MaxPrice
    } else {
        return Err("A markdown is taken off “recommended” or “max_price”".into());
    };
    let since = if words.take("since listed") {
        AgeSince::Listed
    } else if words.take("since price_changed") {
        AgeSince::PriceChanged
    } else {
        return Err("A markdown counts “since listed” or “since price_changed”".into());
    };
    let steps = read_days(words)?.into_iter().map(|(after_days, off)| MarkdownStep { after_days, off }).collect();
    Ok(Strategy::Markdown { since, base, steps })
}

fn read_table(text: &str) -> Result<Strategy, String> {
    let mut parts = split_outside_quotes(text, BAR).into_iter();
    let of = parts.next().unwrap_or_default().trim().to_owned();
    let band = |(place, part): (usize, String)| match split_outside_quotes(&part, ':').as_slice() {
        [price] => TableBand { from: None, price: price.trim().to_owned() },
        [from, price @ ..] if place > 0 => {
            TableBand { from: Some(from.trim().to_owned()), price: price.join(":").trim().to_owned() }
        }
        all => TableBand { from: None, price: all.join(":").trim().to_owned() },
    };
    let bands: Vec<TableBand> = parts.enumerate().map(band).collect();
    if bands.is_empty() {
        return Err(format!(
            "A table is written: table comp.count {BAR} price {BAR} 2: comp.lowest; in two dimensions “table comp.count by \
             brand”, with its columns and rows on lines of their own below"
        ));
    }
    Ok(Strategy::Table { of, bands })
}

/// Splits at a mark that stands outside of quotes.
pub(super) fn split_outside_quotes(text: &str, mark: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut inside = false;
    for letter in text.chars() {
        inside ^= letter == '"';
        match parts.last_mut() {
            Some(_) if letter == mark && !inside => parts.push(String::new()),
            Some(part) => part.push(letter),
            None => {}
        }
    }
    parts
}

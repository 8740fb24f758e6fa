//! Guardrails and price endings as lines.

use pricing_domain::{
    BasisPoints, Ceiling, ChannelFee, Currency, EndingBand, EndingDirection, FamilyLaw, FamilyOrder, FloorAmount,
    Guardrails, MarginFloor, PriceEnding, PriceFloor, Scope, ScopedCeiling, SoftGuardrail, SoftLimit, SpiralLimit,
    StepLimit,
};

use super::scopes::read_scope;
use super::words::{Once, Words, percent, quoted_list};
use crate::language::scope_text;

/// Every guardrail and ending, one a line, without indentation.
pub(super) fn guardrail_lines(guardrails: &Guardrails, endings: &[EndingBand]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(guardrails.cost_type.map(|kind| format!("cost {kind}")));
    for floor in &guardrails.floors {
        lines.push(format!("floor margin {}{}", percent(floor.margin), for_text(&floor.scope)));
    }
    for floor in &guardrails.price_floors {
        let amount = match floor.floor {
            FloorAmount::Markup(markup) => format!("markup {}", percent(markup)),
            FloorAmount::AmountMinor(amount) => format!("amount {amount} minor"),
        };
        lines.push(format!("floor {amount}{}", for_text(&floor.scope)));
    }
    for fee in &guardrails.channel_fees {
        let fixed = if fee.fixed_minor == 0 { String::new() } else { format!(" and {} minor", fee.fixed_minor) };
        lines.push(format!("fee {}{fixed}{}", percent(fee.percent), for_text(&fee.scope)));
    }
    lines.extend(guardrails.ceiling.map(|ceiling| format!("ceiling {}", ceiling_text(ceiling))));
    for one in &guardrails.ceilings {
        lines.push(format!("further ceiling {}{}", ceiling_text(one.ceiling), for_text(&one.scope)));
    }
    lines.extend(step_line("step", guardrails.step));
    lines.extend(step_line("step per day", guardrails.step_per_day));
    lines.extend(step_line("step per week", guardrails.step_per_week));
    lines.extend(guardrails.hours_between_changes.map(|hours| format!("changes every {hours} hours")));
    lines.extend(guardrails.changes_per_week.map(|most| format!("changes at most {most} a week")));
    lines.extend(
        guardrails
            .spiral
            .map(|SpiralLimit { rounds, days }| format!("no spiral from {rounds} rounds within {days} days")),
    );
    if !guardrails.no_cut_without_cost {
        lines.push("cuts without cost".into());
    }
    lines.extend(
        guardrails.warnings.iter().map(|soft| format!("warn {}{}", soft_text(soft.limit), for_text(&soft.scope))),
    );
    lines.extend(
        guardrails.families.iter().map(|law| format!("families {}{}", order_text(&law.order), for_text(&law.scope))),
    );
    for band in endings {
        let PriceEnding { step_minor, ending_minor } = band.ending;
        let side = if band.direction.is_nearest() { String::new() } else { format!(" {}", band.direction) };
        let lists = if band.lists.is_empty() { String::new() } else { format!(" on {}", quoted_list(&band.lists)) };
        let currency = band.currency.map(|currency| format!(" in {currency}")).unwrap_or_default();
        lines.push(format!("ending {ending_minor} of {step_minor} from {}{side}{lists}{currency}", band.from_minor));
    }
    lines
}

fn step_line(name: &str, step: StepLimit) -> Option<String> {
    let sides = [("up", step.up), ("down", step.down)];
    let sides: Vec<String> =
        sides.into_iter().filter_map(|(side, limit)| Some(format!("{side} {}", percent(limit?)))).collect();
    (!sides.is_empty()).then(|| format!("{name} {}", sides.join(" ")))
}

fn soft_text(limit: SoftLimit) -> String {
    match limit {
        SoftLimit::Margin(margin) => format!("floor margin {}", percent(margin)),
        SoftLimit::Markup(markup) => format!("floor markup {}", percent(markup)),
        SoftLimit::AtLeastMinor(amount) => format!("floor amount {amount} minor"),
        SoftLimit::Ceiling(ceiling) => format!("ceiling {}", ceiling_text(ceiling)),
        SoftLimit::StepUp(step) => format!("step up {}", percent(step)),
        SoftLimit::StepDown(step) => format!("step down {}", percent(step)),
    }
}

fn order_text(order: &FamilyOrder) -> String {
    match order {
        FamilyOrder::PriceRisesWithContent => "rise with content".into(),
        FamilyOrder::UnitPriceFallsWithContent => "rise with content and fall per unit".into(),
        FamilyOrder::SamePrice => "cost the same".into(),
        FamilyOrder::OwnBrandBelow(distance) => format!("own brand {} below", percent(*distance)),
        FamilyOrder::RisesThroughTags { tags, by } => format!("rise {} through {}", percent(*by), quoted_list(tags)),
    }
}

fn for_text(scope: &Scope) -> String {
    if scope.0.is_empty() { String::new() } else { format!(" for {}", scope_text(scope)) }
}

fn ceiling_text(ceiling: Ceiling) -> String {
    match ceiling {
        Ceiling::OfRecommended(share) => format!("{} of recommended", percent(share)),
        Ceiling::OfCompetitors(share) => format!("{} of competitors", percent(share)),
        Ceiling::AmountMinor(amount) => format!("amount {amount} minor"),
    }
}

/// Reads one line into the guardrails or endings.
pub(super) fn read_guardrail(
    words: &mut Words<'_>,
    guardrails: &mut Guardrails,
    endings: &mut Vec<EndingBand>,
    once: &mut Once,
) -> Result<(), String> {
    if words.take("warn") {
        guardrails.warnings.extend(read_soft(words)?);
    } else if words.take("cost") {
        once.note("cost")?;
        guardrails.cost_type = Some(words.word().parse()?);
    } else if words.take("floor margin") {
        let margin = words.percent()?;
        guardrails.floors.push(MarginFloor { margin, scope: read_for(words)? });
    } else if words.take("floor markup") {
        let floor = FloorAmount::Markup(words.percent()?);
        guardrails.price_floors.push(PriceFloor { floor, scope: read_for(words)? });
    } else if words.take("floor amount") {
        let floor = FloorAmount::AmountMinor(words.minor()?);
        guardrails.price_floors.push(PriceFloor { floor, scope: read_for(words)? });
    } else if words.take("fee") {
        let percent = words.percent()?;
        let fixed_minor = if words.take("and") { words.minor()? } else { 0 };
        guardrails.channel_fees.push(ChannelFee { percent, fixed_minor, scope: read_for(words)? });
    } else if words.take("ceiling") {
        once.note("ceiling")?;
        guardrails.ceiling = Some(read_ceiling(words)?);
    } else if words.take("further ceiling") {
        let ceiling = read_ceiling(words)?;
        guardrails.ceilings.push(ScopedCeiling { ceiling, scope: read_for(words)? });
    } else if words.take("step per day") {
        read_step(words, "step per day", &mut guardrails.step_per_day, once)?;
    } else if words.take("step per week") {
        read_step(words, "step per week", &mut guardrails.step_per_week, once)?;
    } else if words.take("step") {
        read_step(words, "step", &mut guardrails.step, once)?;
    } else if words.take("changes at most") {
        once.note("changes at most")?;
        guardrails.changes_per_week = Some(words.whole()?);
        expect(words, "a week", "changes at most 3 a week")?;
    } else if words.take("no spiral from") {
        once.note("no spiral")?;
        let rounds = words.whole()?;
        expect(words, "rounds within", SPIRAL_EXAMPLE)?;
        guardrails.spiral = Some(SpiralLimit { rounds, days: words.whole()? });
        expect(words, "days", SPIRAL_EXAMPLE)?;
    } else if words.take("changes every") {
        once.note("changes every")?;
        guardrails.hours_between_changes = Some(words.whole()?);
        if !words.take("hours") {
            return Err("Behind the number of hours stands “hours”".into());
        }
    } else if words.take("cuts without cost") {
        once.note("cuts without cost")?;
        guardrails.no_cut_without_cost = false;
    } else if words.take("families") {
        let order = read_order(words)?;
        guardrails.families.push(FamilyLaw { order, scope: read_for(words)? });
    } else if words.take("ending") {
        endings.push(read_ending(words)?);
    } else {
        let word = words.word();
        return Err(format!(
            "“{word}” is no guardrail. One of: cost, floor margin, floor markup, floor amount, fee, ceiling, further \
             ceiling, step, step per day, step per week, changes every, changes at most, no spiral from, cuts without cost, families, \
             ending, warn"
        ));
    }
    words.end()
}

fn read_order(words: &mut Words<'_>) -> Result<FamilyOrder, String> {
    if words.take("rise with content") {
        let per_unit = words.take("and fall per unit");
        Ok(if per_unit { FamilyOrder::UnitPriceFallsWithContent } else { FamilyOrder::PriceRisesWithContent })
    } else if words.take("cost the same") {
        Ok(FamilyOrder::SamePrice)
    } else if words.take("own brand") {
        let distance = words.percent()?;
        expect(words, "below", "families own brand 10 % below")?;
        Ok(FamilyOrder::OwnBrandBelow(distance))
    } else if words.take("rise") {
        let by = words.percent()?;
        expect(words, "through", "families rise 5 % through \"good\", \"better\", \"best\"")?;
        Ok(FamilyOrder::RisesThroughTags { tags: words.texts()?, by })
    } else {
        Err("Families “rise with content”, “rise with content and fall per unit”, “cost the same”, keep “own brand 10 % \
             below” or “rise 5 % through \"good\", \"better\", \"best\"” (tags); each may end in “for …”"
            .into())
    }
}

/// Reads what only warns: the same words as of what holds, each line for some products or for all. Both sides of a step
/// may stand on one line.
fn read_soft(words: &mut Words<'_>) -> Result<Vec<SoftGuardrail>, String> {
    let limits = if words.take("floor margin") {
        vec![SoftLimit::Margin(words.percent()?)]
    } else if words.take("floor markup") {
        vec![SoftLimit::Markup(words.percent()?)]
    } else if words.take("floor amount") {
        vec![SoftLimit::AtLeastMinor(words.minor()?)]
    } else if words.take("ceiling") {
        vec![SoftLimit::Ceiling(read_ceiling(words)?)]
    } else if words.take("step") {
        read_soft_steps(words)?
    } else {
        let word = words.word();
        return Err(format!(
            "“{word}” cannot only warn. One of: warn floor margin 10 %, warn floor markup 20 %, warn floor amount 199 \
             minor, warn ceiling 110 % of competitors, warn step up 5 % down 5 %; each may end in “for …”"
        ));
    };
    let scope = read_for(words)?;
    Ok(limits.into_iter().map(|limit| SoftGuardrail { scope: scope.clone(), limit }).collect())
}

fn read_soft_steps(words: &mut Words<'_>) -> Result<Vec<SoftLimit>, String> {
    let mut limits = Vec::new();
    if words.take("up") {
        limits.push(SoftLimit::StepUp(words.percent()?));
    }
    if words.take("down") {
        limits.push(SoftLimit::StepDown(words.percent()?));
    }
    if limits.is_empty() { Err("A step names a side: warn step up 10 % down 15 %".into()) } else { Ok(limits) }
}

const SPIRAL_EXAMPLE: &str = "no spiral from 3 rounds within 7 days";

fn expect(words: &mut Words<'_>, next: &str, example: &str) -> Result<(), String> {
    if words.take(next) { Ok(()) } else { Err(format!("It is written: {example}")) }
}

/// Reads the sides of a step; both may stand on one line or on two, each once.
fn read_step(words: &mut Words<'_>, name: &str, step: &mut StepLimit, once: &mut Once) -> Result<(), String> {
    let mut is_stated = false;
    for (side, limit) in [("up", &mut step.up), ("down", &mut step.down)] {
        if words.take(side) {
            once.note(&format!("{name} {side}"))?;
            *limit = Some(words.percent()?);
            is_stated = true;
        }
    }
    if is_stated { Ok(()) } else { Err(format!("A step names a side: {name} up 10 % down 15 %")) }
}

fn read_for(words: &mut Words<'_>) -> Result<Scope, String> {
    if words.take("for") { read_scope(words.take_rest()) } else { Ok(Scope::default()) }
}

fn read_ceiling(words: &mut Words<'_>) -> Result<Ceiling, String> {
    if words.take("amount") {
        return Ok(Ceiling::AmountMinor(words.minor()?));
    }
    let share: BasisPoints = words.percent()?;
    if words.take("of recommended") {
        Ok(Ceiling::OfRecommended(share))
    } else if words.take("of competitors") {
        Ok(Ceiling::OfCompetitors(share))
    } else {
        Err("A ceiling is a percentage “of recommended” or “of competitors”, or an “amount”".into())
    }
}

fn read_ending(words: &mut Words<'_>) -> Result<EndingBand, String> {
    let ending_minor = words.whole()?;
    if !words.take("of") {
        return Err("An ending is written: ending 99 of 100 from 2000".into());
    }
    let step_minor = words.whole()?;
    let from_minor = if words.take("from") { words.whole()? } else { 0 };
    let direction = match (words.take("up"), words.take("down")) {
        (true, _) => EndingDirection::Up,
        (false, true) => EndingDirection::Down,
        (false, false) => EndingDirection::Nearest,
    };
    let lists = if words.take("on") { words.texts()? } else { Vec::new() };
    let currency = match words.take("in") {
        true => {
            let code = words.word();
            Some(Currency::new(code).map_err(|_| format!("“{code}” is no currency such as CHF"))?)
        }
        false => None,
    };
    Ok(EndingBand { from_minor, ending: PriceEnding { step_minor, ending_minor }, direction, lists, currency })
}

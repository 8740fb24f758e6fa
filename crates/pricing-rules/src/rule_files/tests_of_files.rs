//! Tests of a rule set as lines.

use pricing_domain::{RuleTest, TestGiven, TestMove, TestOffer, attribute_name};

use super::words::{Once, Words, one_line, quoted, quoted_list};

/// The lines of a test, without its name.
pub(super) fn test_lines(test: &RuleTest) -> Vec<String> {
    let given = &test.given;
    let mut lines: Vec<String> = Vec::new();
    lines.extend(test.sku.as_ref().map(|sku| format!("sku {}", quoted(sku))));
    lines.extend(test.list.as_ref().map(|list| format!("list {}", quoted(list))));
    let amounts = [
        ("price", &given.price),
        ("cost", &given.cost),
        ("rrp", &given.rrp),
        ("min_price", &given.min_price),
        ("max_price", &given.max_price),
        ("vat", &given.vat),
    ];
    let stated = amounts.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    lines.extend(stated.map(|(name, value)| format!("given {name} {}", one_line(value))));
    lines.extend(given.stock.map(|stock| format!("given stock {stock}")));
    lines.extend(given.units_28d.map(|units| format!("given units_28d {units}")));
    lines.extend(given.brand.as_ref().map(|brand| format!("given brand {}", quoted(brand))));
    lines.extend(given.category.as_ref().map(|path| format!("given category {}", quoted(path))));
    lines.extend(given.role.map(|role| format!("given role {role}")));
    lines.extend(given.lifecycle.map(|stage| format!("given lifecycle {stage}")));
    lines.extend(given.kvi.map(|kvi| format!("given kvi {}", if kvi { "yes" } else { "no" })));
    lines.extend(given.tags.as_ref().map(|tags| format!("given tags {}", quoted_list(tags)).trim_end().to_owned()));
    lines.extend(given.own_brand.map(|own| format!("given own_brand {}", if own { "yes" } else { "no" })));
    lines.extend(given.supplier.as_ref().map(|supplier| format!("given supplier {}", quoted(supplier))));
    lines.extend(given.content.as_ref().map(|content| format!("given content {}", one_line(content))));
    let attributes = given.attributes.iter();
    lines.extend(attributes.map(|(name, text)| format!("given attribute {} {}", quoted(name), quoted(text))));
    if let Some(offers) = &given.offers {
        if offers.is_empty() {
            lines.push("given no offers".into());
        }
        lines.extend(
            offers.iter().map(|one| format!("given offer {} {}", quoted(&one.competitor), one_line(&one.price))),
        );
    }
    if let Some(moves) = &given.moves {
        if moves.is_empty() {
            lines.push("given no moves".into());
        }
        lines.extend(moves.iter().map(move_line));
    }
    lines.push(format!("gives {}", one_line(&test.gives)));
    lines
}

/// `given moved "ElektroMax" 92.00 100 hours ago`; without a competitor the price is our own.
fn move_line(one: &TestMove) -> String {
    let who = one.competitor.as_ref().map(|name| format!("{} ", quoted(name))).unwrap_or_default();
    format!("given moved {who}{} {} hours ago", one_line(&one.price), one.hours_ago)
}

/// Reads one line of a test.
pub(super) fn read_test_line(words: &mut Words<'_>, test: &mut RuleTest, once: &mut Once) -> Result<(), String> {
    if words.take("sku") {
        once.note("sku")?;
        test.sku = Some(words.text()?);
    } else if words.take("list") {
        once.note("list")?;
        test.list = Some(words.text()?);
    } else if words.take("gives") {
        once.note("gives")?;
        test.gives = words.take_rest().to_owned();
    } else if words.take("given") {
        read_given(words, &mut test.given, once)?;
    } else {
        return Err("A test has lines that begin with sku, list, given and gives".into());
    }
    words.end()
}

fn read_given(words: &mut Words<'_>, given: &mut TestGiven, once: &mut Once) -> Result<(), String> {
    let rest = |words: &mut Words<'_>| Some(words.take_rest().to_owned());
    if words.take("price") {
        once.note("given price")?;
        given.price = rest(words);
    } else if words.take("cost") {
        once.note("given cost")?;
        given.cost = rest(words);
    } else if words.take("rrp") {
        once.note("given rrp")?;
        given.rrp = rest(words);
    } else if words.take("min_price") {
        once.note("given min_price")?;
        given.min_price = rest(words);
    } else if words.take("max_price") {
        once.note("given max_price")?;
        given.max_price = rest(words);
    } else if words.take("vat") {
        once.note("given vat")?;
        given.vat = rest(words);
    } else if words.take("stock") {
        once.note("given stock")?;
        given.stock = Some(words.whole()?);
    } else if words.take("units_28d") {
        once.note("given units_28d")?;
        given.units_28d = Some(words.whole()?);
    } else if words.take("brand") {
        once.note("given brand")?;
        given.brand = Some(words.text()?);
    } else if words.take("category") {
        once.note("given category")?;
        given.category = Some(words.text()?);
    } else if words.take("role") {
        once.note("given role")?;
        given.role = Some(words.word().parse()?);
    } else if words.take("lifecycle") {
        once.note("given lifecycle")?;
        given.lifecycle = Some(words.word().parse()?);
    } else if words.take("kvi") {
        once.note("given kvi")?;
        given.kvi = Some(words.take("yes") || !words.take("no"));
    } else if words.take("tags") {
        once.note("given tags")?;
        given.tags = Some(if words.is_empty() { Vec::new() } else { words.texts()? });
    } else if words.take("own_brand") {
        once.note("given own_brand")?;
        given.own_brand = Some(words.take("yes") || !words.take("no"));
    } else if words.take("supplier") {
        once.note("given supplier")?;
        given.supplier = Some(words.text()?);
    } else if words.take("content") {
        once.note("given content")?;
        given.content = rest(words);
    } else if words.take("attribute") {
        let written = words.text()?;
        let name = attribute_name(&written).ok_or_else(|| format!("“{written}” is no name of an attribute"))?;
        once.note(&format!("given attribute \"{name}\""))?;
        given.attributes.insert(name, words.text()?);
    } else if words.take("no offers") {
        nothing_before(given.offers.as_ref(), "offers")?;
        given.offers = Some(Vec::new());
    } else if words.take("offer") {
        let offer = TestOffer { competitor: words.text()?, price: words.take_rest().to_owned() };
        given.offers.get_or_insert_default().push(offer);
    } else if words.take("no moves") {
        nothing_before(given.moves.as_ref(), "moves")?;
        given.moves = Some(Vec::new());
    } else if words.take("moved") {
        let moved = read_move(words)?;
        given.moves.get_or_insert_default().push(moved);
    } else {
        return Err(format!("A test cannot state “{}”", words.take_rest()));
    }
    Ok(())
}

fn nothing_before<T>(stated: Option<&Vec<T>>, what: &str) -> Result<(), String> {
    let some = stated.is_some_and(|stated| !stated.is_empty());
    if some { Err(format!("This test states {what} before; leave the one or the other out")) } else { Ok(()) }
}

fn read_move(words: &mut Words<'_>) -> Result<TestMove, String> {
    let competitor = if words.is_text() { Some(words.text()?) } else { None };
    let price = words.word().to_owned();
    let number: u32 = words.whole()?;
    let hours = if words.take("hours ago") || words.take("hour ago") {
        Some(number)
    } else if words.take("days ago") || words.take("day ago") {
        number.checked_mul(24)
    } else {
        None
    };
    let hours_ago = hours
        .ok_or("A move is written: given moved \"ElektroMax\" 92.00 100 hours ago; without a name it is our own")?;
    Ok(TestMove { competitor, price, hours_ago })
}

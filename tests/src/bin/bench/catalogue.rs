//! The files that are imported: a grocer's catalogue of any size and what competitors charge, the same every time.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};

use crate::session::TODAY;

/// The catalogue's file.
pub(crate) const PRODUCTS_FILE: &str = "products.csv";
/// What competitors charge.
pub(crate) const OBSERVATIONS_FILE: &str = "observations.csv";
/// What was sold lately.
pub(crate) const SALES_FILE: &str = "sales.csv";

/// Each of the first products has competitor prices of so many days.
pub(crate) const PRODUCTS_WITH_HISTORY: u32 = 200;
const DAYS_OF_HISTORY: u32 = 90;
/// Of the others so many in a hundred are sold by two competitors.
const COMPARED_PERCENT: u64 = 30;

/// How brands lie in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brands {
    /// Every brand sells everything: as many combinations of brand and category as there can be.
    OfEveryKind,
    /// A brand sells one kind of goods, all of it in one role, as brands mostly do.
    OfOneKind,
}

/// Brands are two of these syllables.
const SYLLABLES: [&str; 32] = [
    "Al", "Ber", "Cor", "Dan", "El", "Fen", "Gra", "Hol", "Ib", "Jor", "Kal", "Lin", "Mor", "Nor", "Ost", "Pal", "Qui",
    "Ros", "Sal", "Tor", "Ul", "Ven", "Wal", "Xan", "Yor", "Zel", "Ar", "Bor", "Cal", "Dor", "Em", "Far",
];
const SUFFIXES: [&str; 12] = ["a", "o", "is", "en", "ia", "us", "ana", "eto", "ova", "ing", "berg", "feld"];
/// What is sold: name, category, unit of its content, smallest content in thousandths, price of it in cents.
const KINDS: [(&str, &str, &str, u32, u32); 16] = [
    ("Coffee beans", "Food > Hot drinks > Coffee", "kg", 250, 449),
    ("Green tea", "Food > Hot drinks > Tea", "kg", 100, 329),
    ("Olive oil", "Food > Pantry > Oil", "l", 500, 799),
    ("Spaghetti", "Food > Pantry > Pasta", "kg", 500, 129),
    ("Basmati rice", "Food > Pantry > Rice", "kg", 500, 249),
    ("Oat flakes", "Food > Breakfast > Cereals", "kg", 500, 119),
    ("Raspberry jam", "Food > Breakfast > Spreads", "kg", 200, 219),
    ("Dark chocolate", "Food > Sweets > Chocolate", "kg", 100, 149),
    ("Apple juice", "Food > Drinks > Juice", "l", 1_000, 159),
    ("Mineral water", "Food > Drinks > Water", "l", 500, 69),
    ("Shampoo", "Care > Hair > Shampoo", "l", 250, 299),
    ("Hand cream", "Care > Skin > Hands", "l", 75, 249),
    ("Toothpaste", "Care > Teeth > Paste", "l", 75, 129),
    ("Washing powder", "Household > Laundry > Powder", "kg", 1_000, 649),
    ("Dish soap", "Household > Kitchen > Dishes", "l", 500, 189),
    ("Cat food", "Pets > Cats > Food", "kg", 400, 179),
];
const VARIETIES: [&str; 10] =
    ["classic", "organic", "mild", "strong", "extra fine", "family", "premium", "light", "natural", "selection"];
const COMPETITORS: [&str; 6] = ["Billigmarkt", "Frischeland", "Hofgut", "Kaufring", "Stadtmarkt", "Superfix"];
const SUPPLIERS: u64 = 400;
/// Sizes of one article form a family.
const SIZES: u32 = 3;

const PRODUCTS_HEADER: &str = "sku,gtin,mpn,brand,name,category,net_content,content_unit,supplier,own_brand,lifecycle,\
                               currency,price,cost,cost_type,min_price,rrp,vat_rate,price_includes_vat,stock,role,kvi,\
                               family,tags";
const OBSERVATIONS_HEADER: &str = "sku,competitor,observed_at,price,price_kind,currency,shipping,availability,source";

/// Mixes numbers into 64 bits (SplitMix64's finaliser over each in turn).
fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9E37_79B9_7F4A_7C15, |state: u64, part| {
        let state = state.wrapping_add(*part).wrapping_add(0x9E37_79B9_7F4A_7C15);
        let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^ (state >> 31)
    })
}

/// Whether it happens to this part in so many of a hundred cases.
fn happens(percent: u64, parts: &[u64]) -> bool {
    mix(parts) % 100 < percent
}

/// One of the list.
fn one<'a>(list: &[&'a str], parts: &[u64]) -> &'a str {
    list[(mix(parts) % list.len() as u64) as usize]
}

/// A brand by its number.
pub(crate) fn brand(number: u64) -> String {
    let first = one(&SYLLABLES, &[number, 1]);
    let second = one(&SYLLABLES, &[number, 2]).to_lowercase();
    format!("{first}{second}{}", one(&SUFFIXES, &[number, 3]))
}

/// The kind's name and category.
pub(crate) fn kind(number: usize) -> (&'static str, &'static str) {
    let (name, category, ..) = KINDS[number % KINDS.len()];
    (name, category)
}

/// The variety's name.
pub(crate) fn variety(number: usize) -> &'static str {
    VARIETIES[number % VARIETIES.len()]
}

/// The article number of a product.
pub(crate) fn sku(product: u32) -> String {
    format!("{:08}", 10_000_000 + product)
}

/// Writes both files into a folder.
pub(crate) fn write_files(folder: &Path, products: u32, brands: Brands) -> Result<()> {
    write(folder, PRODUCTS_FILE, |out| write_products(out, products, brands))?;
    write(folder, OBSERVATIONS_FILE, |out| write_observations(out, products))?;
    write(folder, SALES_FILE, |out| write_sales(out, products))
}

/// A row a product: what a scenario needs, and too little to say anything about demand.
fn write_sales(out: &mut impl Write, products: u32) -> std::io::Result<()> {
    writeln!(out, "sku,date,units")?;
    let yesterday = &moment(1)[..10];
    (0..products).try_for_each(|product| {
        let units = 1 + mix(&[u64::from(product), 41]) % 40;
        writeln!(out, "{},{yesterday},{units}", sku(product))
    })
}

fn write(folder: &Path, name: &str, rows: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>) -> Result<()> {
    let file = File::create(folder.join(name)).with_context(|| format!("making {name}"))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    rows(&mut out).and_then(|()| out.flush()).with_context(|| format!("writing {name}"))
}

/// Selling price in cents.
fn price_minor(product: u32) -> u64 {
    let article = u64::from(product / SIZES);
    let size = u64::from(product % SIZES) + 1;
    let (.., base) = KINDS[(mix(&[article]) % KINDS.len() as u64) as usize];
    let spread = 70 + mix(&[article, 11]) % 140;
    // Larger packs cost less by the kilogram.
    let price = u64::from(base) * spread * (10 * size - (size - 1)) / 1_000;
    price / 10 * 10 + 9
}

fn write_products(out: &mut impl Write, products: u32, brands: Brands) -> std::io::Result<()> {
    writeln!(out, "{PRODUCTS_HEADER}")?;
    for product in 0..products {
        write_product(out, product, brands)?;
    }
    Ok(())
}

fn write_product(out: &mut impl Write, product: u32, brands: Brands) -> std::io::Result<()> {
    let (number, article) = (u64::from(product), u64::from(product / SIZES));
    let kind = mix(&[article]) % KINDS.len() as u64;
    let (name, category, unit, content, _) = KINDS[kind as usize];
    let content = content * (product % SIZES + 1);
    let (brand_number, role_of) = match brands {
        Brands::OfEveryKind => (mix(&[article, 5]) % 1_500, article),
        Brands::OfOneKind => {
            let number = kind * 94 + mix(&[article, 5]) % 94;
            (number, number)
        }
    };
    let brand = brand(brand_number);
    let variety = one(&VARIETIES, &[article, 6]);
    let price = price_minor(product);
    // Of the net price; a few are sold below their cost.
    let share = if happens(2, &[number, 7]) { 101 + mix(&[number, 8]) % 8 } else { 58 + mix(&[number, 8]) % 32 };
    let cost = if happens(4, &[number, 9]) { String::new() } else { micro(price * 10_000 * share / 107) };
    let lowest = if happens(15, &[number, 10]) { money(price * 85 / 100) } else { String::new() };
    let recommended = if happens(60, &[number, 12]) { money(price * 112 / 100 / 10 * 10 + 9) } else { String::new() };
    let lifecycle = if happens(5, &[number, 13]) { "phase_out" } else { "regular" };
    let role = one(&["traffic", "profit", "profit", "tail", "tail", "tail"], &[role_of, 14]);
    let key_value = if happens(6, &[article, 15]) { "yes" } else { "no" };
    let tags = if happens(20, &[article, 16]) { "organic|new" } else { "" };
    writeln!(
        out,
        "{},{},{}-{product:06},{brand},{brand} {name} {variety} {content} {},{category},{},{unit},Supplier {:03},{},\
         {lifecycle},EUR,{},{cost},invoice,{lowest},{recommended},7,yes,{},{role},{key_value},{},{tags}",
        sku(product),
        gtin(number),
        &name[..2].to_uppercase(),
        if unit == "kg" { "g" } else { "ml" },
        thousandths(content),
        mix(&[article, 17]) % SUPPLIERS,
        if happens(8, &[article, 18]) { "yes" } else { "no" },
        money(price),
        mix(&[number, 19]) % 900,
        if happens(40, &[article, 20]) { format!("F{article:06}") } else { String::new() },
    )
}

fn write_observations(out: &mut impl Write, products: u32) -> std::io::Result<()> {
    writeln!(out, "{OBSERVATIONS_HEADER}")?;
    for product in 0..products {
        if product < PRODUCTS_WITH_HISTORY {
            for competitor in 0..3 {
                for day in (0..DAYS_OF_HISTORY).rev() {
                    write_observation(out, product, competitor, day)?;
                }
            }
        } else if happens(COMPARED_PERCENT, &[u64::from(product), 31]) {
            let first = mix(&[u64::from(product), 32]);
            write_observation(out, product, first, 0)?;
            write_observation(out, product, first + 1 + first % 5, 0)?;
        }
    }
    Ok(())
}

fn write_observation(out: &mut impl Write, product: u32, competitor: u64, days_ago: u32) -> std::io::Result<()> {
    let week = u64::from(days_ago / 9);
    let name = COMPETITORS[(competitor % COMPETITORS.len() as u64) as usize];
    let price = price_minor(product) * (84 + mix(&[u64::from(product), competitor, week]) % 28) / 100;
    let stock = if happens(5, &[u64::from(product), competitor, 33]) { "OutOfStock" } else { "InStock" };
    writeln!(out, "{},{name},{},{},regular,EUR,0,{stock},panel", sku(product), moment(days_ago), money(price.max(1)))
}

/// Five in the morning of a day before today.
fn moment(days_ago: u32) -> String {
    let today: pricing_domain::CivilDate = TODAY.parse().expect("a date");
    let midnight = pricing_domain::Instant::at_utc_midnight(today).plus_days(-i64::from(days_ago));
    format!("{}T05:00:00Z", midnight.utc_date())
}

fn money(minor: u64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn micro(amount: u64) -> String {
    format!("{}.{:04}", amount / 1_000_000, amount % 1_000_000 / 100)
}

fn thousandths(amount: u32) -> String {
    format!("{}.{:03}", amount / 1_000, amount % 1_000)
}

/// A GTIN-13 with its check digit; numbers lie scattered, as those of many makers do.
fn gtin(product: u64) -> String {
    let body = 400_000_000_000 + (product * 48_271 + 11) % 99_999_999_977;
    let digits = format!("{body:012}");
    let sum: u64 = digits
        .bytes()
        .enumerate()
        .map(|(place, digit)| u64::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use pricing_domain::Gtin;

    use super::{Brands, PRODUCTS_HEADER, gtin, write_products};

    #[test]
    fn every_gtin_has_its_check_digit() {
        (0..1_000).for_each(|product| assert!(Gtin::parse(&gtin(product)).is_ok(), "{}", gtin(product)));
    }

    #[test]
    fn every_row_has_a_cell_for_each_column() {
        let mut text = Vec::new();
        write_products(&mut text, 500, Brands::OfOneKind).expect("memory takes it");
        let text = String::from_utf8(text).expect("UTF-8");
        let columns = PRODUCTS_HEADER.split(',').count();
        assert_eq!(text.lines().count(), 501);
        text.lines().for_each(|line| assert_eq!(line.split(',').count(), columns, "{line}"));
    }
}

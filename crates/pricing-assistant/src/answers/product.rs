//! Questions about one product.

use std::time::Instant as Stopwatch;

use app_contract::{AnswerLink, AnswerOutcome, OfferView, ProductDetail};
use pricing_domain::{GridColumn, GridFilter, GridSort, ProductId};
use pricing_operations::OperationError;
use question_grammar::{Aspect, Direction, ProductSum, PromotionFigure, Scope};

use crate::catalogue::search;
use crate::composer::Composer;
use crate::figures::Figure;
use crate::rows::{PRODUCT_COLUMNS, Place, linked};

/// Products listed when the words fit several.
const LISTED: usize = 10;

/// What is asked of a product.
#[derive(Clone, Copy)]
pub(super) struct AskedOf<'a> {
    /// What about it.
    pub(super) aspect: Aspect,
    /// Whose offer.
    pub(super) competitor: Option<&'a str>,
    /// The way that its price is said to have gone.
    pub(super) moved: Option<Direction>,
}

/// Answers about the product that the words mean.
pub(super) async fn tell(
    composer: &mut Composer<'_>,
    words: &[String],
    asked: AskedOf<'_>,
) -> Result<(), OperationError> {
    let snapshot = composer.snapshot.clone();
    if words.len() > 1 && words.iter().all(|word| snapshot.row_of_sku(word).is_some()) {
        for row in words.iter().filter_map(|word| snapshot.row_of_sku(word)) {
            one(composer, row, asked, Stopwatch::now()).await?;
        }
        return Ok(());
    }
    let started = Stopwatch::now();
    let exact = words.first().filter(|_| words.len() == 1).and_then(|word| snapshot.row_of_sku(word));
    let rows = exact.map_or_else(|| search(&snapshot, composer.list, words), |row| vec![row]);
    let named = rows.iter().copied().filter(|row| has_words(&snapshot, *row, words)).collect::<Vec<u32>>();
    // “186” is also a part of other article numbers: whole words of a name count more.
    let rows = if named.is_empty() { rows } else { named };
    match rows.as_slice() {
        [] => super::unsure::not_here(composer, &words.join(" ")),
        [row] => one(composer, *row, asked, started).await,
        several => which(composer, several, words, started).await,
    }
}

/// Whether a product's name has all words as whole words.
fn has_words(snapshot: &pricing_rules::Snapshot, row: u32, words: &[String]) -> bool {
    let name = snapshot.products.name.get(row as usize).to_lowercase();
    let own: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric()).collect();
    words.iter().all(|word| own.contains(&word.as_str()))
}

async fn which(
    composer: &mut Composer<'_>,
    rows: &[u32],
    words: &[String],
    started: Stopwatch,
) -> Result<(), OperationError> {
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let sort = GridSort { column: GridColumn::Units, descending: true };
    let first = place.first(rows, sort, LISTED);
    let link = composer.grid_link(words, &[], sort);
    composer.step("find_products", words.join(" "), rows.len(), started, link);
    let count = composer.gave(Figure::Count(rows.len() as i64));
    composer.name(&words.join(" "));
    composer.ended_as(AnswerOutcome::Choose);
    composer.say(
        "{0} products fit “{1}”. Name one by its SKU:",
        "{0} Produkte passen zu „{1}“. Nennen Sie eines mit seiner SKU:",
        &[count, Figure::Words(words.join(" "))],
    );
    let cells = first.iter().map(|row| place.product_cells(*row)).collect();
    let links = composer.product_links(&first).await?;
    composer.table(("Products", "Produkte"), PRODUCT_COLUMNS, linked(cells, links), rows.len());
    for row in first.iter().take(3) {
        let sku = snapshot.products.sku.get(*row as usize);
        composer.suggest(format!("Why does {sku} have this price?"), format!("Warum hat {sku} diesen Preis?"));
    }
    Ok(())
}

/// The facts of a product as figures of a step.
fn know(composer: &mut Composer<'_>, detail: &ProductDetail) {
    let row = &detail.row;
    let money = |minor: Option<i64>| minor.map(|minor| Figure::Money(minor, detail.currency));
    let facts = [
        Some(Figure::Words(row.sku.clone())),
        Some(Figure::Words(row.name.clone())),
        money(row.price_minor),
        money(row.lowest_minor),
        row.cost.map(|cost| Figure::Cost(cost.0, detail.currency)),
        row.margin_bp.map(|bp| Figure::Percent(i64::from(bp))),
        row.gap_bp.map(|bp| Figure::Percent(i64::from(bp))),
        row.stock.map(Figure::Count),
        Some(Figure::Count(i64::from(row.offers))),
        Some(Figure::Count((row.units_28d_milli + 500) / 1_000)),
    ];
    composer.know(facts.into_iter().flatten());
    for offer in &detail.offers {
        composer.know(money(offer.like_for_like_minor));
    }
}

async fn one(
    composer: &mut Composer<'_>,
    row: u32,
    AskedOf { aspect, competitor, moved }: AskedOf<'_>,
    started: Stopwatch,
) -> Result<(), OperationError> {
    let key = composer.snapshot.products.key.get(row as usize);
    let ids = composer.workspace.product_ids(&[key]).await?;
    let Some(product) = ids.first().copied() else {
        return Err(OperationError::not_found("This product is not in the workspace any more."));
    };
    let price_list = composer.list_id();
    let detail = composer.workspace.product(product, price_list).await?;
    let link = AnswerLink::Product { product, sku: detail.row.sku.clone(), price_list };
    composer.step("get_product", detail.row.sku.clone(), 1, started, link);
    know(composer, &detail);
    let title = Figure::Words(format!("{} {}", detail.row.sku, detail.row.name));
    composer.name(&format!("{} {}", detail.row.sku, detail.row.name));
    if let Some(direction) = moved {
        super::moved::tell(composer, product, &detail, direction).await?;
    }
    match aspect {
        Aspect::Why | Aspect::Rule => why(composer, product, &detail, aspect == Aspect::Rule).await?,
        Aspect::Price => price(composer, &detail, &title),
        Aspect::Margin => {
            margin(composer, &detail, &title);
            margin_of_sales(composer, row);
        }
        Aspect::Stock => stock(composer, &detail, &title),
        Aspect::Offers | Aspect::Cheapest => offers(composer, &detail, &title, competitor),
        Aspect::State => state(composer, &detail, &title),
        Aspect::History => history(composer, &detail, &title),
        Aspect::Units => units(composer, (row, &detail), &title),
        Aspect::Family => family(composer, row, &title).await?,
        Aspect::Promotions => {
            let sku = detail.row.sku.clone();
            let all = Scope::default();
            super::promotions::tell(composer, &all, PromotionFigure::Day, Some(&sku)).await?;
        }
        Aspect::Cover => cover(composer, row, &title),
        Aspect::Kind => kind(composer, row, &title),
        Aspect::Elasticity => crate::tools::drafting::elasticity(composer, &detail.row.sku).await?,
        Aspect::Overview => {
            price(composer, &detail, &title);
            margin(composer, &detail, &title);
            stock(composer, &detail, &title);
            offers(composer, &detail, &title, None);
            why(composer, product, &detail, false).await?;
        }
    }
    let shows_prices =
        [Aspect::Price, Aspect::Offers, Aspect::Cheapest, Aspect::History, Aspect::Overview, Aspect::Why];
    if shows_prices.contains(&aspect) {
        super::charts::price_history(composer, product, None).await?;
    }
    let sku = &detail.row.sku;
    if aspect != Aspect::Why {
        composer.suggest(format!("Why does {sku} have this price?"), format!("Warum hat {sku} diesen Preis?"));
    }
    if !matches!(aspect, Aspect::Offers | Aspect::Cheapest) {
        composer.suggest(format!("Who is cheapest for {sku}?"), format!("Wer ist bei {sku} am günstigsten?"));
    }
    composer.suggest(format!("What is our margin on {sku}?"), format!("Wie hoch ist die Marge von {sku}?"));
    Ok(())
}

async fn why(
    composer: &mut Composer<'_>,
    product: ProductId,
    detail: &ProductDetail,
    rule_only: bool,
) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let looked = composer.current_step();
    let price_list = composer.list_id();
    let proposal = detail.proposal.as_ref();
    let way = match proposal {
        Some(proposal) => composer.workspace.price_way(proposal.id).await?,
        None => composer.workspace.explain_product(product, price_list).await?,
    };
    let link = AnswerLink::Product { product, sku: way.sku.clone(), price_list };
    composer.step("explain_product", way.sku.clone(), way.lines.len(), started, link);
    let explained = composer.current_step();
    composer.know([Figure::Words(way.summary.clone())]);
    let title = Figure::Words(format!("{} {}", way.sku, way.name));
    if rule_only {
        let decided = way.lines.iter().find(|line| line.kind == "rule");
        let words = decided.map_or_else(|| way.summary.clone(), |line| format!("{}: {}", line.title, line.detail));
        composer.know([Figure::Words(words.clone())]);
        composer.say(
            "For {0} this rule decides: {1}",
            "Für {0} entscheidet diese Regel: {1}",
            &[title, Figure::Words(words)],
        );
    } else {
        composer.say("{0}: {1}", "{0}: {1}", &[title, Figure::Words(way.summary.clone())]);
    }
    if let Some(change) = way.what_would_change.clone().filter(|_| !rule_only) {
        composer.know([Figure::Words(change.clone())]);
        composer.say_line(&change);
    }
    composer.back_to(looked);
    last_changes(composer, detail);
    composer.back_to(explained);
    let rows: Vec<_> = way
        .lines
        .iter()
        .map(|line| {
            let amount = line.amount.map(|money| Figure::Money(money.amount_minor, money.currency));
            (vec![Some(Figure::Words(line.title.clone())), Some(Figure::Words(line.detail.clone())), amount], None)
        })
        .collect();
    let total = rows.len();
    composer.table(
        ("The way to this price", "Der Weg zu diesem Preis"),
        &[("Step", "Schritt", false), ("In words", "In Worten", false), ("Amount", "Betrag", true)],
        rows,
        total,
    );
    composer.back_to(looked);
    if !rule_only {
        offer_table(composer, detail, &detail.offers.iter().collect::<Vec<_>>());
    }
    if let Some(proposal) = proposal {
        super::changes::card(composer, proposal);
    }
    Ok(())
}

/// What was done to the product's prices so far: the price that stands, since when and why.
fn last_changes(composer: &mut Composer<'_>, detail: &ProductDetail) {
    let list = composer.snapshot.lists[composer.list].code.clone();
    let standing = detail
        .prices
        .iter()
        .filter(|price| price.price_list == list || price.price_list == composer.snapshot.lists[composer.list].name);
    let Some(price) = standing.max_by_key(|price| price.valid_from) else { return };
    let since = price.valid_from.utc_date().to_string();
    let (amount, cause) =
        (Figure::Money(price.price.amount_minor, price.price.currency), price.cause.as_str().to_owned());
    composer.know([Figure::Words(since.clone()), amount.clone()]);
    composer.say(
        "The price that stands is {0}, since {1} (cause: {2}).",
        "Es gilt {0} seit {1} (Ursache: {2}).",
        &[amount, Figure::Words(since), Figure::Words(cause)],
    );
}

fn price(composer: &mut Composer<'_>, detail: &ProductDetail, title: &Figure) {
    let list = Figure::Words(composer.snapshot.lists[composer.list].name.clone());
    match detail.row.price_minor {
        Some(price) => {
            let price = composer.money(price);
            composer.say("{0} costs {1} ({2}).", "{0} kostet {1} ({2}).", &[title.clone(), price, list]);
        }
        None => nothing(composer, title, ("no price", "kein Preis")),
    }
}

/// Says that something is not known.
fn nothing(composer: &mut Composer<'_>, title: &Figure, what: (&str, &str)) {
    composer.ended_as(AnswerOutcome::NotEnoughData);
    let what = Figure::Words(composer.pick(what.0, what.1).to_owned());
    composer.say("Not enough data on {0}: {1}.", "Zu wenig Daten zu {0}: {1}.", &[title.clone(), what]);
}

/// Its brand, category and supplier.
fn kind(composer: &mut Composer<'_>, row: u32, title: &Figure) {
    let snapshot = composer.snapshot.clone();
    let (products, place) = (&snapshot.products, row as usize);
    let texts = [
        snapshot.brands.text(products.brand.get(place)),
        snapshot.categories.text(products.category.get(place)),
        snapshot.suppliers.text(products.supplier.get(place)),
    ];
    let [brand, category, supplier] = texts.map(|text| {
        let text = if text.is_empty() { composer.pick("not known", "nicht bekannt") } else { text };
        Figure::Words(text.to_owned())
    });
    composer.say(
        "{0}: brand {1}, category {2}, supplier {3}.",
        "{0}: Marke {1}, Kategorie {2}, Lieferant {3}.",
        &[title.clone(), brand, category, supplier],
    );
}

fn margin(composer: &mut Composer<'_>, detail: &ProductDetail, title: &Figure) {
    match (detail.row.cost, detail.row.margin_bp) {
        (Some(cost), Some(margin)) => composer.say(
            "{0}: the margin of the net price is {1}, at a cost of {2}.",
            "{0}: Die Marge des Nettopreises ist {1}, bei einem Einstand von {2}.",
            &[title.clone(), Figure::Percent(i64::from(margin)), Figure::Cost(cost.0, detail.currency)],
        ),
        (Some(cost), None) => composer.say(
            "{0}: the cost is {1}; there is no price, so no margin.",
            "{0}: Der Einstand ist {1}; ohne Preis keine Marge.",
            &[title.clone(), Figure::Cost(cost.0, detail.currency)],
        ),
        _ => nothing(composer, title, ("no cost is known, so no margin", "kein Einstand bekannt, also keine Marge")),
    }
}

fn stock(composer: &mut Composer<'_>, detail: &ProductDetail, title: &Figure) {
    match detail.row.stock {
        Some(stock) => {
            composer.say("{0}: {1} in stock.", "{0}: {1} auf Lager.", &[title.clone(), Figure::Count(stock)])
        }
        None => nothing(composer, title, ("no stock is known", "kein Bestand bekannt")),
    }
}

/// The products of the same families, with their figures.
async fn family(composer: &mut Composer<'_>, row: u32, title: &Figure) -> Result<(), OperationError> {
    let snapshot = composer.snapshot.clone();
    let names: Vec<String> = snapshot.families_of(row as usize).map(str::to_owned).collect();
    if names.is_empty() {
        nothing(composer, title, ("it belongs to no family", "es gehört zu keiner Familie"));
    }
    for name in names {
        family_members(composer, name, title).await?;
    }
    Ok(())
}

/// The products of one family.
async fn family_members(composer: &mut Composer<'_>, name: String, title: &Figure) -> Result<(), OperationError> {
    let started = Stopwatch::now();
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let scope = Scope { filters: vec![GridFilter::Family(name.clone())], search: Vec::new() };
    let rows = place.rows_of(&scope, &[]);
    let sort = GridSort { column: GridColumn::Sku, descending: false };
    let first = place.first(&rows, sort, LISTED);
    composer.step("find_products", name.clone(), rows.len(), started, composer.grid_link(&[], &scope.filters, sort));
    composer.know([Figure::Words(name.clone())]);
    let others = composer.gave(Figure::Count(rows.len() as i64 - 1));
    composer.say(
        "{0} belongs to the family {1}, with {2} others.",
        "{0} gehört zur Familie {1}, mit {2} anderen.",
        &[title.clone(), Figure::Words(name), others],
    );
    let cells = first.iter().map(|row| place.product_cells(*row)).collect();
    let links = composer.product_links(&first).await?;
    composer.table(("Family", "Familie"), PRODUCT_COLUMNS, linked(cells, links), rows.len());
    Ok(())
}

fn cover(composer: &mut Composer<'_>, row: u32, title: &Figure) {
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    match place.cover_centidays(row) {
        Some(cover) => {
            let stock = place.value(GridColumn::Stock, row).unwrap_or_default();
            let figures = [Figure::Count(cover / 100), Figure::Count(stock)].map(|figure| composer.gave(figure));
            let [days, stock] = figures;
            composer.say(
                "{0}: {2} in stock last {1} days at the sales of 28 days.",
                "{0}: {2} auf Lager reichen {1} Tage beim Absatz von 28 Tagen.",
                &[title.clone(), days, stock],
            );
        }
        None => {
            composer.know([Figure::Count(28)]);
            let lacking = match (place.value(GridColumn::Stock, row), place.units_milli(row) > 0) {
                (Some(_), false) => ("nothing was sold in 28 days", "in 28 Tagen nichts verkauft"),
                (None, true) => ("no stock is known", "kein Bestand bekannt"),
                _ => (
                    "no stock is known, and nothing was sold in 28 days",
                    "kein Bestand bekannt, und in 28 Tagen nichts verkauft",
                ),
            };
            nothing(composer, title, lacking);
        }
    }
}

fn units(composer: &mut Composer<'_>, (row, detail): (u32, &ProductDetail), title: &Figure) {
    let units = Figure::Count((detail.row.units_28d_milli + 500) / 1_000);
    composer.say("{0}: {1} sold in 28 days.", "{0}: {1} verkauft in 28 Tagen.", &[title.clone(), units]);
    if let Some(revenue) = sum_of_sales(composer, row, ProductSum::Revenue) {
        composer.say(
            "At today's price that is a net revenue of {0}.",
            "Zum heutigen Preis ist das ein Nettoumsatz von {0}.",
            &[revenue],
        );
    }
}

/// A sum over the sales of 28 days at today's price.
fn sum_of_sales(composer: &mut Composer<'_>, row: u32, figure: ProductSum) -> Option<Figure> {
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let sum = place.sum(row, figure).filter(|_| place.units_milli(row) > 0)?;
    let money = super::sums::money(composer, sum);
    Some(composer.gave(money))
}

/// What a product earns: a piece, and with the sales of 28 days.
fn margin_of_sales(composer: &mut Composer<'_>, row: u32) {
    let snapshot = composer.snapshot.clone();
    let place = Place { snapshot: &snapshot, list: composer.list, now: composer.now };
    let net = place.price(row).and_then(|price| place.net_micro(row, price));
    let (Some(net), Some(cost)) = (net, place.cost_micro(row)) else { return };
    let piece = i64::try_from(net - i128::from(cost)).unwrap_or(i64::MAX);
    let piece = composer.gave(Figure::Cost(piece, composer.currency()));
    match sum_of_sales(composer, row, ProductSum::Profit) {
        Some(profit) => composer.say(
            "That is {0} a piece, and {1} with the pieces sold in 28 days at today's price.",
            "Das sind {0} je Stück, und {1} mit dem Absatz von 28 Tagen zum heutigen Preis.",
            &[piece, profit],
        ),
        None => composer.say("That is {0} a piece.", "Das sind {0} je Stück.", &[piece]),
    }
}

fn state(composer: &mut Composer<'_>, detail: &ProductDetail, title: &Figure) {
    let said = |yes: bool, words: (&str, &str), composer: &Composer<'_>| {
        yes.then(|| composer.pick(words.0, words.1).to_owned())
    };
    let marks: Vec<String> = [
        said(detail.row.on_promotion, ("in a running promotion", "in laufender Aktion"), composer),
        said(detail.row.locked, ("under a price lock", "mit Preissperre"), composer),
        said(detail.row.pending, ("a proposal waits", "ein Vorschlag wartet"), composer),
        said(detail.row.needs_decision, ("an exception waits", "eine Ausnahme wartet"), composer),
    ]
    .into_iter()
    .flatten()
    .collect();
    let words = if marks.is_empty() {
        composer
            .pick(
                "no promotion, no price lock, no proposal waits",
                "keine Aktion, keine Preissperre, kein Vorschlag wartet",
            )
            .to_owned()
    } else {
        marks.join(", ")
    };
    composer.say("{0}: {1}.", "{0}: {1}.", &[title.clone(), Figure::Words(words)]);
}

fn history(composer: &mut Composer<'_>, detail: &ProductDetail, title: &Figure) {
    composer.say(
        "{0}: prices so far, ours and the competitors'.",
        "{0}: die Preise bisher, unsere und die der Wettbewerber.",
        std::slice::from_ref(title),
    );
    last_changes(composer, detail);
    own_prices(composer, detail);
    offer_table(composer, detail, &detail.offers.iter().collect::<Vec<_>>());
}

/// Our prices of this list so far, the newest first.
fn own_prices(composer: &mut Composer<'_>, detail: &ProductDetail) {
    let list = &composer.snapshot.lists[composer.list];
    let (code, name) = (list.code.clone(), list.name.clone());
    let mut own: Vec<_> =
        detail.prices.iter().filter(|price| price.price_list == code || price.price_list == name).collect();
    own.sort_by_key(|price| std::cmp::Reverse(price.valid_from));
    let total = own.len();
    let rows = own.into_iter().take(LISTED).map(|price| {
        let cells = vec![
            Some(Figure::Words(price.valid_from.utc_date().to_string())),
            Some(Figure::Money(price.price.amount_minor, price.price.currency)),
            Some(Figure::Words(price.cause.as_str().to_owned())),
        ];
        (cells, None)
    });
    let rows: Vec<_> = rows.collect();
    let columns = [("From", "Ab", false), ("Price", "Preis", true), ("Cause", "Ursache", false)];
    composer.table(("Our prices", "Unsere Preise"), &columns, rows, total);
}

fn offers(composer: &mut Composer<'_>, detail: &ProductDetail, title: &Figure, competitor: Option<&str>) {
    let chosen: Vec<&OfferView> =
        detail.offers.iter().filter(|offer| competitor.is_none_or(|name| offer.competitor == name)).collect();
    if let Some(name) = competitor {
        let who = Figure::Words(name.to_owned());
        match chosen.first().and_then(|offer| Some((offer.like_for_like_minor?, offer.usage.clone()))) {
            Some((price, usage)) => {
                let price = composer.money(price);
                composer.say(
                    "{1} charges {2} for {0} ({3}).",
                    "{1} verlangt {2} für {0} ({3}).",
                    &[title.clone(), who, price, Figure::Words(usage)],
                );
            }
            None => {
                composer.ended_as(AnswerOutcome::NotEnoughData);
                composer.say(
                    "No price of {1} is known for {0}.",
                    "Für {0} ist kein Preis von {1} bekannt.",
                    &[title.clone(), who],
                );
            }
        }
    } else {
        let usable = chosen.iter().filter(|offer| offer.usable);
        let lowest = usable.filter_map(|offer| Some((offer.like_for_like_minor?, offer.competitor.clone()))).min();
        match lowest {
            Some((price, who)) => {
                let price = composer.money(price);
                composer.say(
                    "Cheapest for {0} is {1} with {2}.",
                    "Am günstigsten bei {0} ist {1} mit {2}.",
                    &[title.clone(), Figure::Words(who), price],
                );
                if let Some(gap) = detail.row.gap_bp {
                    let words = match gap {
                        0 => ("We are at the same price.", "Wir haben denselben Preis."),
                        gap if gap > 0 => ("We are {0} dearer.", "Wir sind {0} teurer."),
                        _ => ("We are {0} cheaper.", "Wir sind {0} günstiger."),
                    };
                    composer.say(words.0, words.1, &[Figure::Percent(i64::from(gap)).unsigned()]);
                }
            }
            None => nothing(composer, title, ("no usable competitor price", "kein brauchbarer Wettbewerbspreis")),
        }
    }
    offer_table(composer, detail, &chosen);
}

fn offer_table(composer: &mut Composer<'_>, detail: &ProductDetail, offers: &[&OfferView]) {
    let rows: Vec<_> = offers
        .iter()
        .map(|offer| {
            let seen = offer.last_seen.map(|seen| Figure::Words(seen.utc_date().to_string()));
            let cells = vec![
                Some(Figure::Words(offer.competitor.clone())),
                offer.like_for_like_minor.map(|minor| Figure::Money(minor, detail.currency)),
                seen,
                Some(Figure::Words(offer.usage.clone())),
            ];
            (cells, None)
        })
        .collect();
    let total = rows.len();
    let columns = [
        ("Competitor", "Wettbewerber", false),
        ("Price", "Preis", true),
        ("Last seen", "Zuletzt gesehen", false),
        ("Takes part", "Nimmt teil", false),
    ];
    composer.table(("Offers", "Angebote"), &columns, rows, total);
}

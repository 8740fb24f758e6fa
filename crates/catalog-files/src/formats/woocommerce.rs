//! WooCommerce's product CSV. Its names are in the shop's language and its prices in the shop's number format, but the
//! order of its columns is always the same: `ID`, type, SKU, and so on to the position in the catalogue.

mod attributes;

use pricing_domain::{FileFormat, FileKind, resolve_references};

use super::{Beginning, ENDED, SOLD, first_picture, is_no_price};
use crate::layouts::{Header, Layout, plain};
use crate::parents::{ParentRule, of_parent};
use crate::tax_classes::{TaxClasses, UNTAXED, UNTOLD};

/// The exporter's columns in its order, English names; what a shop's version does not have is missing.
const ORDER: [&str; 40] = [
    "ID",
    "Type",
    "SKU",
    "GTIN, UPC, EAN, or ISBN",
    "Name",
    "Published",
    "Is featured?",
    "Visibility in catalog",
    "Short description",
    "Description",
    "Date sale price starts",
    "Date sale price ends",
    "Tax status",
    "Tax class",
    "In stock?",
    "Stock",
    "Low stock amount",
    "Backorders allowed?",
    "Sold individually?",
    "Weight (kg)",
    "Length (cm)",
    "Width (cm)",
    "Height (cm)",
    "Allow customer reviews?",
    "Purchase note",
    "Sale price",
    "Regular price",
    "Categories",
    "Tags",
    "Shipping class",
    "Images",
    "Download limit",
    "Download expiry days",
    "Parent",
    "Grouped products",
    "Upsells",
    "Cross-sells",
    "External URL",
    "Button text",
    "Position",
];
const GTIN: usize = 3;

/// What a column is called in the languages that shops have most.
const REGULAR_PRICE: &[&str] = &[
    "Regular price",
    "Regulärer Preis",
    "Tarif régulier",
    "Precio normal",
    "Prezzo di listino",
    "Reguliere prijs",
    "Cena regularna",
    "Cena katalogowa",
    "Ordinarie pris",
    "Normalpris",
    "Vanlig pris",
    "Preço normal",
    "Preço",
];
const SALE_PRICE: &[&str] = &[
    "Sale price",
    "Angebotspreis",
    "Tarif promo",
    "Precio rebajado",
    "Prezzo in offerta",
    "Actieprijs",
    "Cena promocyjna",
    "Reapris",
    "Tilbudspris",
    "Salgspris",
    "Preço promocional",
];
const SKU: &[&str] = &["SKU", "Artikelnummer", "UGS", "COD", "COD (SKU)", "Artnr", "Varenummer", "REF"];
const NAME: &[&str] = &["Name", "Nom", "Nombre", "Nome", "Naam", "Nazwa", "Namn", "Navn"];
const TYPE: &[&str] = &["Type", "Typ", "Tipo", "Rodzaj"];
const PUBLISHED: &[&str] = &[
    "Published",
    "Veröffentlicht",
    "Publié",
    "Publicado",
    "Pubblicato",
    "Gepubliceerd",
    "Opublikowany",
    "Opublikowano",
    "Publicerad",
    "Udgivet",
    "Publisert",
];
const SALE_FROM: &[&str] = &[
    "Date sale price starts",
    "Datum, an dem Angebotspreis beginnt",
    "Date de début de promo",
    "Día en que empieza el precio rebajado",
    "Data di inizio dell'offerta",
    "Startdatum actieprijs",
];
const SALE_TO: &[&str] = &[
    "Date sale price ends",
    "Datum, an dem Angebotspreis endet",
    "Date de fin de promo",
    "Día en que termina el precio rebajado",
    "Data di fine dell'offerta",
    "Einddatum actieprijs",
];
const STOCK: &[&str] = &[
    "Stock",
    "Bestand",
    "Lager",
    "Lagerbestand",
    "Inventario",
    "Magazzino",
    "Voorraad",
    "Stan magazynowy",
    "Lagersaldo",
];
const IN_STOCK: &[&str] = &[
    "In stock?",
    "Vorrätig?",
    "Auf Lager?",
    "En stock ?",
    "¿Existencias?",
    "¿En inventario?",
    "In magazzino?",
    "Op voorraad?",
    "W magazynie?",
    "I lager?",
    "På lager?",
    "Em stock?",
];
const BRANDS: &[&str] = &["Marken", "Marques", "Marcas", "Brand", "Marchi", "Merken", "Marki", "Varumärken", "Brands"];
const CATEGORIES: &[&str] = &[
    "Categories",
    "Kategorien",
    "Catégories",
    "Categorías",
    "Categorie",
    "Categorieën",
    "Kategorie",
    "Kategorier",
    "Categorias",
];
const TAGS: &[&str] = &["Tags", "Schlagwörter", "Étiquettes", "Etiquetas", "Tag", "Tagi", "Etiketter"];
const COST: &[&str] = &["Cost of goods", "Warenkosten", "Coût des marchandises"];
const IMAGES: &[&str] = &["Images", "Bilder", "Imágenes", "Immagini", "Afbeeldingen", "Obrazki", "Imagens", "Billeder"];
const PARENT: &[&str] = &["Parent", "Übergeordnetes Produkt", "Superior", "Genitore", "Hoofd", "Rodzic", "Överordnad"];

const TAX_CLASS: &[&str] = &[
    "Steuerklasse",
    "Classe de TVA",
    "Clase de impuesto",
    "Aliquota di imposta",
    "Belastingklasse",
    "Klasa podatkowa",
];
const TAX_STATUS: &[&str] = &[
    "Steuerstatus",
    "État de la TVA",
    "Estado del impuesto",
    "Stato delle imposte",
    "Belastingstatus",
    "Status podatku",
];
/// Beyond every row: reads as an empty cell.
const NOWHERE: usize = usize::MAX;

const WITHOUT_SKU: &str = "This product has no SKU in the shop, and prices go by SKU. Give it one in WooCommerce, or fill in its \
                           SKU cell, and import it again.";

struct Places<'a> {
    header: &'a Header,
    /// By place in `ORDER`, where the whole header follows it.
    by_order: Option<Vec<Option<usize>>>,
}

impl Places<'_> {
    fn find(&self, english: &str, names: &[&str]) -> Option<usize> {
        let by_name = self.header.find(&[english]).or_else(|| self.header.find(names));
        by_name.or_else(|| {
            let index = ORDER.iter().position(|name| *name == english)?;
            self.by_order.as_ref()?[index]
        })
    }
}

pub(super) fn find(beginning: &Beginning) -> Option<Layout> {
    let header = &beginning.header;
    let places = places(beginning)?;
    let name = |english: &str, names: &[&str]| -> Vec<String> {
        places.find(english, names).map(|place| header.names()[place].clone()).into_iter().collect()
    };
    let copy = |layout: Layout, own: &str, english: &str, names: &[&str]| {
        let found = name(english, names);
        layout.copy(own, header, &found.iter().map(String::as_str).collect::<Vec<_>>())
    };
    // WordPress keeps names as HTML shows them.
    let named = |layout: Layout, own: &str, english: &str, names: &[&str]| {
        let found = name(english, names);
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        layout.custom(own, header, &[&found], |cells| resolve_references(cells[0]).into_owned())
    };
    let mut layout = Layout::new(FileFormat::WooCommerce, FileKind::Products);
    layout = copy(layout, "sku", "SKU", SKU);
    layout = copy(layout, "gtin", "GTIN, UPC, EAN, or ISBN", &[]);
    layout = named(layout, "brand", "Brands", BRANDS);
    layout = copy(layout, "item_group_id", "Parent", PARENT);
    layout = copy(layout, "price", "Regular price", REGULAR_PRICE);
    layout = copy(layout, "sale_price", "Sale price", SALE_PRICE);
    layout = copy(layout, "sale_from", "Date sale price starts", SALE_FROM);
    layout = copy(layout, "sale_to", "Date sale price ends", SALE_TO);
    let stock = name("Stock", STOCK);
    let stock: Vec<&str> = stock.iter().map(String::as_str).collect();
    // Of a variation that is counted with its product the exporter writes `parent`.
    layout = layout.custom("stock", header, &[&stock], |cells| match cells[0] {
        "parent" => String::new(),
        number => number.to_owned(),
    });
    layout = copy(layout, "availability", "In stock?", IN_STOCK);
    layout = copy(layout, "cost", "Cost of goods", COST);
    layout = copy(layout, "tags", "Tags", TAGS);
    let images = name("Images", IMAGES);
    let images: Vec<&str> = images.iter().map(String::as_str).collect();
    layout = layout.custom("image_url", header, &[&images], first_picture);
    let pairs = attributes::pairs(header);
    if let Some(own) = places.find("Name", NAME) {
        let options = pairs.iter().map(|pair| pair.places()[1]);
        let cells = [own, of_parent(own)].into_iter().chain(options).collect();
        layout = layout.custom_at("name", header, cells, name_of);
    }
    let categories = name("Categories", CATEGORIES);
    if let Some(own) = places.find("Published", PUBLISHED) {
        let kind = places.find("Type", TYPE).unwrap_or(NOWHERE);
        layout = layout.custom_at("lifecycle", header, vec![own, of_parent(own), kind], lifecycle);
    }
    layout.taxed_by = taxed_by(&places);
    layout = layout.pairs(pairs, attributes::text);
    layout.parents = parents(&places);
    layout.known.extend(attributes::places(header));
    layout.without_sku = Some(WITHOUT_SKU);
    layout = layout.custom("category", header, &[&[categories.first().map_or("", String::as_str)]], first_category);
    let kind = name("Type", TYPE);
    let price = name("Regular price", REGULAR_PRICE);
    let texts = |found: &'_ [String]| found.first().cloned().unwrap_or_default();
    let (kind, price) = (texts(&kind), texts(&price));
    let no_price = |cells: &[&str]| {
        is_no_price(cells[1]) && cells[0].split(',').any(|word| matches!(word.trim(), "variable" | "grouped"))
    };
    layout = layout.leave_out(
        header,
        &[&[kind.as_str()], &[price.as_str()]],
        no_price,
        "stand for their variations, which have the prices",
    );
    Some(layout)
}

/// A variation has the tax class of its product where it says `parent`, and the status of its product always.
fn taxed_by(places: &Places<'_>) -> Option<TaxClasses> {
    let class = places.find("Tax class", TAX_CLASS)?;
    let status = places.find("Tax status", TAX_STATUS).unwrap_or(NOWHERE);
    let kind = places.find("Type", TYPE).unwrap_or(NOWHERE);
    let of_parent = |place: usize| if place == NOWHERE { NOWHERE } else { of_parent(place) };
    Some(TaxClasses {
        places: vec![class, status, of_parent(class), of_parent(status), of_parent(kind)],
        class: |cells| {
            let [own, status, of_parent, status_of_parent, parent] = cells else { return String::new() };
            if [*status, *status_of_parent].iter().any(|status| matches!(*status, "none" | "shipping")) {
                return UNTAXED.to_owned();
            }
            if *own == "parent" && parent.is_empty() {
                return UNTOLD.to_owned();
            }
            let class = if *own == "parent" { of_parent } else { own };
            if *class == "standard" { String::new() } else { (*class).to_owned() }
        },
        all_ordinary: false,
    })
}

/// What a product says for its variations where these leave it empty, as the shop's own importer and its pages have it.
fn parents(places: &Places<'_>) -> Option<ParentRule> {
    let cell = |english: &str, names: &[&str]| places.find(english, names);
    let inherited = [
        cell("Brands", BRANDS),
        cell("Categories", CATEGORIES),
        cell("Tags", TAGS),
        cell("Images", IMAGES),
        cell("Cost of goods", COST),
    ];
    let asked = [
        cell("Name", NAME),
        cell("Published", PUBLISHED),
        cell("Tax class", TAX_CLASS),
        cell("Tax status", TAX_STATUS),
        cell("Type", TYPE),
    ];
    Some(ParentRule {
        kind: cell("Type", TYPE)?,
        word: "variable",
        sku: cell("SKU", SKU)?,
        number: (cell("ID", &[]).unwrap_or(usize::MAX), "id:"),
        named: cell("Parent", PARENT)?,
        inherited: inherited.into_iter().flatten().collect(),
        asked: asked.into_iter().flatten().collect(),
    })
}

/// The row's own name, else its product's with the options after it: `Hoodie - Blue, Large`.
fn name_of(cells: &[&str]) -> String {
    let own = match cells {
        ["", parent, options @ ..] if !parent.is_empty() => {
            let options = options.iter().filter(|option| !option.is_empty()).map(|option| option.replace("\\,", ","));
            let options: Vec<String> = options.collect();
            if options.is_empty() { (*parent).to_owned() } else { format!("{parent} - {}", options.join(", ")) }
        }
        [own, ..] => (*own).to_owned(),
        [] => String::new(),
    };
    // WordPress keeps names as HTML shows them.
    resolve_references(&own).into_owned()
}

/// What is private or a draft is not sold, and neither is a variation of a product that is. A variation in a file without
/// its product is sold or not as it was.
fn lifecycle(cells: &[&str]) -> String {
    let [own, of_parent, kind] = cells else { return String::new() };
    let is_hidden = |cell: &&str| matches!(*cell, "0" | "-1");
    let is_alone = of_parent.is_empty() && kind.split(',').any(|word| word.trim() == "variation");
    match *own {
        _ if [own, of_parent].into_iter().any(is_hidden) => ENDED.to_owned(),
        "1" if !is_alone => SOLD.to_owned(),
        _ => String::new(),
    }
}

fn places(beginning: &Beginning) -> Option<Places<'_>> {
    let header = &beginning.header;
    let by_order = order(beginning);
    let places = Places { header, by_order };
    let by_name = header.find(TYPE).is_some() && header.find(REGULAR_PRICE).is_some() && header.find(SKU).is_some();
    let told_apart = header.find(&["ID"]).is_some() || header.find(SALE_PRICE).is_some();
    (places.by_order.is_some() || (by_name && told_apart)).then_some(places)
}

/// A whole export in a language that is not known by name: its first column is the ID, its second the type, which is
/// never translated, and there are as many columns as the exporter writes.
fn order(beginning: &Beginning) -> Option<Vec<Option<usize>>> {
    let header = &beginning.header;
    let first = header.names().first()?;
    if plain(first) != "id" || beginning.rows.is_empty() {
        return None;
    }
    let is_type = |row: &Vec<String>| {
        row.get(1).is_some_and(|cell| {
            cell.split(',').all(|word| {
                matches!(
                    word.trim(),
                    "simple" | "variable" | "variation" | "grouped" | "external" | "downloadable" | "virtual"
                )
            })
        })
    };
    if !beginning.rows.iter().all(is_type) {
        return None;
    }
    let has_gtin = header.names().get(GTIN).is_some_and(|name| {
        let name = name.to_uppercase();
        ["GTIN", "EAN", "UPC", "ISBN"].iter().any(|word| name.contains(word))
    });
    let width = ORDER.len() - usize::from(!has_gtin);
    if header.names().len() < width {
        return None;
    }
    Some(
        (0..ORDER.len())
            .map(|index| match index {
                GTIN if !has_gtin => None,
                index if index > GTIN && !has_gtin => Some(index - 1),
                index => Some(index),
            })
            .collect(),
    )
}

/// `TV > Headphones, Sale` is two categories; the first is the product's own.
fn first_category(cells: &[&str]) -> String {
    let text = cells[0].replace("\\,", "\u{1}");
    let first = text.split(',').next().unwrap_or_default().trim().replace('\u{1}', ",");
    resolve_references(&first).into_owned()
}

//! What our columns are called elsewhere: one list for reading files by their headings, for suggesting mappings and for
//! finding the table of a workbook.

use std::collections::HashMap;
use std::sync::LazyLock;

use pricing_domain::FileKind;

use crate::kinds::columns;

/// How sure a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sureness {
    /// It means this column and no other.
    Sure,
    /// It means this column where no surer word is there.
    Otherwise,
    /// It may: it is proposed to a person and never taken by itself.
    Proposed,
}

/// A column of ours, the words that are sure, those that count where no sure one is there, and those that only propose it.
type Words = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// German, English, French, Italian, Spanish, Portuguese, Dutch, Polish and Scandinavian words. Accents, case and
/// punctuation do not matter; what says tax or currency is told apart before.
#[rustfmt::skip]
const WORDS: &[Words] = &[
    (
        "sku",
        &[
            "sku", "artikelnr", "artikelnummer", "artikel nr", "artikel no", "art nr", "artnr", "art no", "artikelcode",
            "artikel code", "article number", "article no", "article code", "item number", "item no", "item code",
            "product code", "product number", "product no", "produktnummer", "produkt nr", "produktcode", "stock code",
            "référence article", "réf article", "code article", "code produit", "référence produit", "codice articolo",
            "cod articolo", "cod art", "codice prodotto", "código artículo", "código de artículo", "código producto",
            "código de producto", "referencia artículo", "código do produto", "código do artigo", "código artigo",
            "productcode", "productnummer", "nr artykułu", "numer artykułu", "kod produktu", "kod towaru",
            "indeks towaru", "symbol towaru", "varenummer", "varenr", "vare nr", "artikelnumber",
        ],
        &["référence", "réf", "reference", "ref", "referencia", "referência", "riferimento", "codice", "código", "kod",
          "indeks", "symbol"],
        &["id", "part number", "nummer", "numer", "nr", "cod"],
    ),
    (
        "gtin",
        &[
            "gtin", "gtin 13", "gtin13", "gtin ean", "ean", "ean13", "ean 13", "ean code", "eancode", "ean gtin",
            "ean nummer", "ean upc", "kod ean", "code ean", "código ean", "codice ean", "upc", "upc ean", "isbn",
            "barcode", "bar code", "strichcode", "barcode ean", "code barres", "code barre", "code à barres",
            "codice a barre", "código de barras", "código barras", "streepjescode", "kod kreskowy", "streckkod",
            "strekkode", "stregkode",
        ],
        &[],
        &[],
    ),
    (
        "name",
        &[
            "name", "title", "product name", "item name", "article name", "product title", "bezeichnung",
            "artikelbezeichnung", "artikelname", "produktname", "produktbezeichnung", "bezeichnung 1", "artikel bezeichnung",
            "désignation", "designation", "libellé", "nom", "nom du produit", "nom produit", "intitulé", "nombre",
            "nombre producto", "nombre del producto", "nome", "nome prodotto", "nome do produto", "designação", "naam",
            "productnaam", "artikelnaam", "nazwa", "nazwa towaru", "nazwa produktu", "benämning", "produktnamn",
            "varenavn", "produktnavn", "navn", "namn",
        ],
        &["description", "item description", "product description", "beschreibung", "artikelbeschreibung", "descrizione",
          "descrizione articolo", "descripción", "descrição", "omschrijving", "artikelomschrijving", "opis", "titel",
          "titre", "título", "titolo"],
        &["artikel", "article", "produkt", "product", "produit", "producto", "prodotto", "kurztext"],
    ),
    (
        "price",
        &[
            "price", "preis", "verkaufspreis", "vk", "vk preis", "vkpreis", "ladenpreis", "endpreis", "shop preis",
            "shoppreis", "selling price", "retail price", "sales price", "our price", "prix", "prix de vente",
            "prix vente", "pv", "precio", "precio de venta", "precio venta", "pvp", "prezzo", "prezzo di vendita",
            "prezzo vendita", "preço", "preço de venda", "preço venda", "prijs", "verkoopprijs", "cena", "cena sprzedaży",
            "cena detaliczna", "pris", "försäljningspris", "utpris", "utsalgspris", "salgspris",
        ],
        &[],
        &["unit price", "einzelpreis", "stückpreis", "list price", "listenpreis", "tarif", "tarifa", "prix unitaire",
          "prezzo unitario", "precio unitario", "amount", "betrag"],
    ),
    (
        "sale_price",
        &[
            "sale price", "special price", "promo price", "promotional price", "promotion price", "offer price",
            "aktionspreis", "angebotspreis", "sonderpreis", "prix promo", "prix promotionnel", "prix soldé",
            "precio oferta", "precio de oferta", "precio rebajado", "prezzo offerta", "prezzo in offerta",
            "prezzo scontato", "prezzo promozionale", "preço promocional", "actieprijs", "aanbiedingsprijs",
            "cena promocyjna", "kampanjpris", "tilbudspris", "kampanjepris",
        ],
        &[],
        &[],
    ),
    (
        "cost",
        &[
            "cost", "cost price", "costs", "unit cost", "purchase price", "purchasing price", "buying price", "buy price",
            "ek", "ek preis", "ekpreis", "einkaufspreis", "einstandspreis", "einstand", "prix d'achat", "prix achat",
            "prix d achat", "prix de revient", "costo", "coste", "precio coste", "precio de coste", "precio costo",
            "precio de costo", "precio compra", "precio de compra", "prezzo d'acquisto", "prezzo acquisto",
            "prezzo di acquisto", "costo acquisto", "costo d'acquisto", "preço de custo", "preço de compra", "custo",
            "inkoopprijs", "inkoop", "kostprijs", "cena zakupu", "inköpspris", "innkjøpspris", "indkøbspris", "kostpris",
        ],
        &["pa"],
        &["wholesale price", "großhandelspreis", "selbstkosten", "dealer price", "händlerpreis"],
    ),
    (
        "rrp",
        &[
            "rrp", "msrp", "srp", "uvp", "uvp preis", "uvp des herstellers", "unverbindliche preisempfehlung",
            "recommended retail price", "recommended price", "suggested retail price", "suggested price", "prix conseillé",
            "prix public conseillé", "prix de vente conseillé", "pvc", "pvpr", "pvp recomendado", "precio recomendado",
            "prezzo consigliato", "prezzo al pubblico consigliato", "preço recomendado", "adviesprijs",
            "adviesverkoopprijs", "cena sugerowana", "sugerowana cena detaliczna", "vejledende pris", "veiledende pris",
            "rekommenderat pris", "cirkapris",
        ],
        &[],
        &["list price", "listenpreis", "prix public", "prezzo di listino", "cena katalogowa", "bruttolistenpreis"],
    ),
    (
        "compare_at_price",
        &[
            "compare at price", "was price", "old price", "previous price", "streichpreis", "statt preis", "stattpreis",
            "alter preis", "prix barré", "ancien prix", "precio anterior", "precio tachado", "prezzo barrato",
            "prezzo precedente", "preço anterior", "oude prijs", "van prijs", "cena przekreślona", "stara cena",
        ],
        &[],
        &["normalpreis", "regular price"],
    ),
    (
        "min_price",
        &[
            "min price", "minimum price", "floor price", "lowest price", "mindestpreis", "minimalpreis", "min preis",
            "preisuntergrenze", "prix minimum", "prix minimal", "prix mini", "prix plancher", "precio mínimo",
            "prezzo minimo", "preço mínimo", "minimumprijs", "cena minimalna", "minpris",
        ],
        &[],
        &["floor"],
    ),
    (
        "max_price",
        &[
            "max price", "maximum price", "ceiling price", "highest price", "höchstpreis", "maximalpreis", "max preis",
            "preisobergrenze", "prix maximum", "prix maximal", "prix plafond", "precio máximo", "prezzo massimo",
            "preço máximo", "maximumprijs", "cena maksymalna", "maxpris",
        ],
        &[],
        &["ceiling"],
    ),
    ("map_price", &["map price", "minimum advertised price"], &[], &["map"]),
    (
        "currency",
        &["currency", "currency code", "währung", "währungscode", "devise", "moneda", "divisa", "valuta", "moeda",
          "waluta", "monnaie"],
        &[],
        &[],
    ),
    (
        "brand",
        &["brand", "brand name", "marke", "markenname", "marque", "marca", "merk", "merknaam", "marka", "märke",
          "varumärke", "merke", "mærke"],
        &["hersteller", "herstellername", "manufacturer", "manufacturer name", "fabricant", "fabricante", "fabbricante",
          "produttore", "fabrikant", "producent", "tillverkare", "produsent"],
        &["vendor"],
    ),
    (
        "mpn",
        &[
            "mpn", "herstellernummer", "hersteller nr", "herstellernr", "hersteller artikelnummer",
            "herstellerartikelnummer", "hersteller artikelnr", "hersteller art nr", "manufacturer part number",
            "manufacturer part no", "manufacturer number", "mfr part number", "mfr part no", "han",
            "référence fabricant", "réf fabricant", "referencia fabricante", "referencia del fabricante",
            "codice produttore", "codice fornitore produttore", "fabrikant artikelnummer", "fabrikantcode",
            "kod producenta",
        ],
        &[],
        &["modellnummer", "model", "model number", "modell", "part number"],
    ),
    (
        "category",
        &[
            "category", "product category", "category path", "kategorie", "kategoriepfad", "warengruppe", "artikelgruppe",
            "produktgruppe", "warengruppenbezeichnung", "product group", "item group", "item category", "catégorie",
            "catégorie produit", "categoría", "categoria", "categoria merceologica", "gruppo merceologico", "categorie",
            "productgroep", "artikelgroep", "kategoria", "grupa towarowa", "varugrupp", "varegruppe", "kategori",
        ],
        &["famille", "famille produit", "familia", "famiglia", "rayon", "reparto", "department", "product type", "grupa",
          "groep"],
        &["sortiment", "group", "gruppe", "type"],
    ),
    (
        "supplier",
        &["supplier", "supplier name", "lieferant", "lieferantenname", "hauptlieferant", "fournisseur", "proveedor",
          "fornitore", "fornecedor", "leverancier", "dostawca", "leverantör", "leverandør"],
        &[],
        &["vendor", "kreditor"],
    ),
    (
        "stock",
        &[
            "stock", "stock level", "stock quantity", "stock qty", "stock on hand", "qty on hand", "quantity on hand",
            "quantity in stock", "inventory", "inventory quantity", "on hand", "bestand", "lagerbestand",
            "verfügbarer bestand", "bestand verfügbar", "lagermenge", "aktueller bestand", "gesamtbestand",
            "quantité en stock", "qté en stock", "qté stock", "stock disponible", "stock réel", "existencias",
            "stock actual", "giacenza", "quantità in magazzino", "qta magazzino", "estoque", "voorraad",
            "actuele voorraad", "stan magazynowy", "stan", "lagersaldo", "lagerbeholdning", "lagerantal",
        ],
        &["lager", "disponibilità", "disponible", "magazzino"],
        &["quantity", "qty", "menge", "quantité", "qté", "cantidad", "quantità", "ilość", "aantal", "antal"],
    ),
    (
        "vat_rate",
        &[
            "vat rate", "vat", "vat percent", "tax rate", "mwst", "mwst satz", "mwstsatz", "mehrwertsteuer",
            "mehrwertsteuersatz", "ust", "ust satz", "umsatzsteuer", "umsatzsteuersatz", "steuersatz", "tva", "taux tva",
            "taux de tva", "iva", "aliquota iva", "aliquota", "tipo iva", "tipo de iva", "taxa iva", "taxa de iva", "btw",
            "btw tarief", "btw percentage", "btw perc", "stawka vat", "vat stawka", "moms", "momssats", "mva",
        ],
        &[],
        &["tax", "steuer", "taxe"],
    ),
    (
        "net_content",
        &[
            "net content", "net contents", "inhalt", "inhaltsmenge", "füllmenge", "nettofüllmenge", "nettoinhalt",
            "inhalt menge", "grundpreis inhalt", "contenu", "contenance", "contenu net", "contenido", "contenido neto",
            "contenuto", "contenuto netto", "conteúdo", "inhoud", "netto inhoud", "zawartość", "zawartość netto",
            "indhold", "innhold", "innehåll",
        ],
        &["content", "contents", "volume", "volumen", "pojemność"],
        &["net weight", "nettogewicht", "gewicht", "weight"],
    ),
    (
        "content_unit",
        &["content unit", "net content unit", "unit of content", "inhaltseinheit", "inhalt einheit", "einheit inhalt",
          "unité de contenu", "unité contenu", "inhoudseenheid"],
        &["einheit", "mengeneinheit", "maßeinheit", "unit", "unit of measure", "uom", "unité", "unidad",
          "unidad de medida", "unità", "unità di misura", "um", "unidade", "eenheid", "jednostka", "jm", "enhet", "enhed"],
        &[],
    ),
    ("deposit", &["deposit", "pfand", "consigne", "statiegeld", "kaucja", "pant"], &[], &[]),
    (
        "image_url",
        &["image url", "image link", "picture url", "bild url", "bildurl", "bildlink", "url image", "image produit",
          "url imagen", "url immagine", "afbeelding url"],
        &["image", "picture", "bild", "photo", "foto", "imagen", "immagine", "afbeelding", "zdjęcie"],
        &[],
    ),
    ("date", &["date", "datum", "day", "tag", "fecha", "data", "verkaufsdatum", "sales date", "order date", "dato"], &[], &[]),
    (
        "observed_at",
        &["observed at", "checked", "checked at", "last checked", "timestamp", "zeitpunkt", "erfasst am", "geprüft am",
          "relevé le", "date", "datum", "fecha", "data"],
        &[],
        &[],
    ),
    (
        "units",
        &["units", "units sold", "quantity", "qty", "quantity sold", "sold", "menge", "stück", "absatz", "verkauft",
          "verkaufte menge", "quantité", "quantité vendue", "qté", "cantidad", "unidades", "quantità", "aantal", "ilość",
          "antal"],
        &[],
        &[],
    ),
    (
        "net_revenue",
        &["net revenue", "umsatz", "umsatz netto", "nettoumsatz", "revenue", "turnover", "chiffre d'affaires", "fatturato",
          "omzet", "obrót"],
        &[],
        &[],
    ),
    (
        "competitor",
        &["competitor", "competitor name", "wettbewerber", "mitbewerber", "konkurrent", "concurrent", "competidor",
          "concorrente", "konkurent"],
        &["site", "shop", "händler", "website", "retailer", "seller", "merchant", "boutique", "tienda", "winkel", "sklep"],
        &[],
    ),
    ("url", &["url", "link", "product url", "product link", "produkt url", "produktlink"], &[], &["address", "adresse"]),
    (
        "price_list",
        &["price list", "preisliste", "liste de prix", "lista de precios", "listino", "prijslijst", "cennik"],
        &["channel", "kanal", "store", "filiale"],
        &[],
    ),
    ("valid_from", &["valid from", "gültig ab", "gültig von"], &["from", "von", "ab"], &[]),
    ("valid_to", &["valid to", "valid until", "gültig bis"], &["to", "bis", "until"], &[]),
    ("reason", &["reason", "grund", "motif", "motivo", "reden", "powód"], &[], &[]),
];

/// Columns of other kinds than products, whose words tell that a file is no plain catalogue.
const OF_OTHER_KINDS: &[&str] =
    &["date", "observed_at", "units", "net_revenue", "competitor", "price_list", "valid_from", "valid_to"];

/// By folded word the columns that it means.
static BY_WORD: LazyLock<HashMap<String, Vec<(&'static str, Sureness)>>> = LazyLock::new(|| {
    let mut by_word: HashMap<String, Vec<(&'static str, Sureness)>> = HashMap::new();
    for (own, sure, otherwise, proposed) in WORDS {
        let ranked = [(sure, Sureness::Sure), (otherwise, Sureness::Otherwise), (proposed, Sureness::Proposed)];
        for (words, sureness) in ranked {
            for word in *words {
                let meant = by_word.entry(fold(word)).or_default();
                // Two languages may have the same word.
                if !meant.contains(&(own, sureness)) {
                    meant.push((own, sureness));
                }
            }
        }
    }
    by_word
});

/// The column of a kind that a folded name means.
pub(crate) fn meaning(kind: FileKind, folded: &str) -> Option<(&'static str, Sureness)> {
    let known = |own: &str| columns(kind).iter().any(|spec| spec.name == own);
    let meant = BY_WORD.get(folded)?.iter().filter(|(own, _)| known(own));
    meant.min_by_key(|(_, sureness)| *sureness).copied()
}

/// Whether a column of ours is called so somewhere.
pub(crate) fn is_known_word(name: &str) -> bool {
    BY_WORD.contains_key(&fold(name))
}

/// Whether a name tells that the rows are no plain catalogue: a competitor, a day, a quantity sold.
pub(crate) fn tells_other_kind(name: &str) -> bool {
    BY_WORD.get(&fold(name)).is_some_and(|meant| meant.iter().any(|(own, _)| OF_OTHER_KINDS.contains(own)))
        && meaning(FileKind::Products, &fold(name)).is_none_or(|(_, sureness)| sureness == Sureness::Proposed)
}

/// A name as it is compared: lower case, without accents, signs as blanks, single blanks.
pub(crate) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match unaccented(letter) {
            Some(plain) => folded.push_str(plain),
            None if letter.is_alphanumeric() => folded.push(letter),
            None => folded.push(' '),
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unaccented(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' => "a",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ò' | 'ó' | 'ô' | 'õ' => "o",
        'ù' | 'ú' | 'û' | 'ů' => "u",
        'ç' | 'ć' | 'č' => "c",
        'ñ' | 'ń' => "n",
        'ł' => "l",
        'ś' | 'š' => "s",
        'ź' | 'ż' | 'ž' => "z",
        'ý' => "y",
        // A mark that stands by itself after its letter.
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use pricing_domain::FileKind;

    use super::{BY_WORD, Sureness, WORDS, fold, meaning, tells_other_kind};
    use crate::kinds::columns;

    #[test]
    fn no_word_is_sure_of_two_columns_of_a_kind() {
        for kind in FileKind::ALL {
            for (word, meant) in BY_WORD.iter() {
                let mut by_rank: HashMap<Sureness, Vec<&str>> = HashMap::new();
                let of_kind = meant.iter().filter(|(own, _)| columns(*kind).iter().any(|spec| spec.name == *own));
                of_kind.for_each(|(own, sureness)| by_rank.entry(*sureness).or_default().push(own));
                for sureness in [Sureness::Sure, Sureness::Otherwise] {
                    assert!(by_rank.get(&sureness).is_none_or(|owns| owns.len() == 1), "{kind}: {word}: {by_rank:?}");
                }
            }
        }
    }

    #[test]
    fn every_column_with_words_is_one_of_ours() {
        for (own, ..) in WORDS {
            assert!(FileKind::ALL.iter().any(|kind| columns(*kind).iter().any(|spec| spec.name == *own)), "{own}");
        }
    }

    #[test]
    fn case_accents_and_signs_do_not_matter() {
        for (name, folded) in [
            ("Artikel-Nr.", "artikel nr"),
            ("WÄHRUNG", "waehrung"),
            ("Waehrung", "waehrung"),
            ("Prix d’achat", "prix d achat"),
            ("Cena_sprzedaży", "cena sprzedazy"),
            ("Re\u{301}fe\u{301}rence", "reference"),
            ("  ", ""),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
        let own = |name: &str| meaning(FileKind::Products, &fold(name)).map(|(own, _)| own);
        assert_eq!((own("Warengruppe"), own("Colour")), (Some("category"), None));
        assert!(tells_other_kind("Wettbewerber") && tells_other_kind("Menge") && !tells_other_kind("Bestand"));
    }
}

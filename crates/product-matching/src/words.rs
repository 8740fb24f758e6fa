//! Words with a meaning in titles, in the languages of most shops.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Colours, each with its names. Names of one line are one colour.
const COLOURS: &[&[&str]] = &[
    &["black", "schwarz", "noir", "negro", "nero", "zwart"],
    &["white", "weiss", "blanc", "blanco", "bianco", "wit"],
    &["silver", "silber", "argent", "plata", "argento", "zilver"],
    &["grey", "gray", "grau", "gris", "grigio", "grijs"],
    &["graphite", "graphit", "anthrazit", "anthracite"],
    &["blue", "blau", "bleu", "azul", "blu", "blauw"],
    &["navy", "dunkelblau", "marine"],
    &["red", "rot", "rouge", "rojo", "rosso", "rood"],
    &["green", "gruen", "vert", "verde", "groen"],
    &["yellow", "gelb", "jaune", "amarillo", "giallo", "geel"],
    &["orange"],
    &["pink", "rosa"],
    &["purple", "lila", "violett", "violet"],
    &["brown", "braun", "marron", "bruin"],
    &["beige"],
    &["gold", "golden"],
    &["steel", "edelstahl", "inox", "stainless"],
    &["turquoise", "tuerkis"],
    &["rgb", "multicolour", "multicolor", "bunt"],
];

/// Words that make another product of the same name.
const VARIANTS: &[&str] = &[
    "pro", "max", "plus", "mini", "lite", "ultra", "se", "fe", "air", "ii", "iii", "iv", "mk2", "mkii", "mark", "xl2",
    "premium", "deluxe", "junior", "kids", "decaf", "light", "zero", "left", "right", "links", "rechts", "us", "de",
    "uk", "fr", "qwerty", "qwertz", "azerty",
];

const USED: &[&str] = &[
    "refurbished",
    "renewed",
    "generalueberholt",
    "gebraucht",
    "used",
    "occasion",
    "reconditionne",
    "reconditioned",
    "ricondizionato",
    "reacondicionado",
    "aufbereitet",
    "bware",
    "openbox",
    "vorfuehrgeraet",
    "demo",
    "defekt",
    "secondhand",
    "preowned",
];

const BUNDLE: &[&str] =
    &["bundle", "bundel", "inkl", "inklusive", "incl", "including", "pack inkl", "combo", "zubehoerset"];

const FITS: &[&str] =
    &["for", "fuer", "pour", "para", "per", "voor", "compatible", "kompatibel", "passend", "suitable", "fits"];

const ACCESSORIES: &[&str] = &[
    "case",
    "huelle",
    "cover",
    "tasche",
    "bag",
    "charger",
    "ladegeraet",
    "ersatzakku",
    "replacement",
    "ersatz",
    "protector",
    "schutzfolie",
    "strap",
    "armband",
    "filter",
    "adapter",
    "cable",
    "kabel",
    "remote",
    "fernbedienung",
    "halterung",
    "mount",
    "zubehoer",
    "accessory",
    "spare",
    "refill",
    "nachfuellpack",
];

/// Words of every title; they say nothing about what it is.
const EMPTY: &[&str] = &[
    "the", "and", "with", "mit", "und", "der", "die", "das", "in", "of", "von", "a", "new", "neu", "original", "buy",
    "online", "size", "gr", "groesse", "colour", "color", "farbe", "pack", "packung", "set", "pcs", "pieces", "stueck",
    "er", "x", "cm", "mm",
];

/// Words after which an accessory comes with the product.
const WITH: &[&str] = &["with", "mit", "avec", "con", "inkl", "incl", "plus"];

/// The colour a word names.
pub(crate) fn colour(word: &str) -> Option<u8> {
    COLOURS.iter().position(|names| names.contains(&word)).and_then(|place| u8::try_from(place).ok())
}

/// The first name of a colour.
pub(crate) fn colour_name(colour: u8) -> &'static str {
    COLOURS[usize::from(colour)][0]
}

pub(crate) fn is_variant(word: &str) -> bool {
    VARIANTS.contains(&word)
}

pub(crate) fn is_used(word: &str) -> bool {
    USED.contains(&word)
}

pub(crate) fn is_bundle(word: &str) -> bool {
    BUNDLE.contains(&word)
}

pub(crate) fn is_fitting(word: &str) -> bool {
    FITS.contains(&word)
}

/// Whether a word says that the next one comes with the product.
pub(crate) fn is_with(word: &str) -> bool {
    WITH.contains(&word)
}

pub(crate) fn is_accessory(word: &str) -> bool {
    ACCESSORIES.contains(&word)
}

pub(crate) fn is_empty(word: &str) -> bool {
    EMPTY.contains(&word)
}

/// A unit as it is written: what it measures, and how many of the smallest unit it is, times 1,000.
pub(crate) fn unit(word: &str) -> Option<(char, i64)> {
    Some(match word {
        "ml" => ('v', 1_000),
        "cl" => ('v', 10_000),
        "l" | "liter" | "litre" | "litres" | "ltr" => ('v', 1_000_000),
        "mg" => ('m', 1),
        "g" | "gr" | "gramm" => ('m', 1_000),
        "kg" | "kilo" => ('m', 1_000_000),
        "oz" => ('o', 1_000),
        "lb" | "lbs" => ('o', 16_000),
        "mm" => ('d', 1_000),
        "cm" => ('d', 10_000),
        "m" | "meter" => ('d', 1_000_000),
        "inch" | "zoll" | "in" | "pouces" => ('i', 1_000),
        "mb" => ('b', 1),
        "gb" => ('b', 1_000),
        "tb" => ('b', 1_000_000),
        "w" | "watt" => ('w', 1_000),
        "kw" => ('w', 1_000_000),
        "v" | "volt" => ('u', 1_000),
        "ah" => ('a', 1_000_000),
        "mah" => ('a', 1_000),
        "hz" => ('h', 1_000),
        "rpm" | "umin" => ('r', 1_000),
        _ => return None,
    })
}

/// A unit of pieces in a pack.
pub(crate) fn is_piece(word: &str) -> bool {
    matches!(
        word,
        "pcs"
            | "pieces"
            | "piece"
            | "pc"
            | "stueck"
            | "stk"
            | "ct"
            | "count"
            | "tabs"
            | "kapseln"
            | "capsules"
            | "sheets"
            | "blatt"
            | "pack"
            | "er"
            | "erpack"
    )
}

/// A size of clothes by letters.
pub(crate) fn is_letter_size(word: &str) -> bool {
    matches!(word, "xs" | "s" | "m" | "l" | "xl" | "xxl" | "xxxl" | "2xl" | "3xl")
}

/// What things are called in English and German shops; each line is one thing.
const THINGS: &[&[&str]] = &[
    &["kettle", "wasserkocher"],
    &["headphones", "kopfhoerer"],
    &["speaker", "lautsprecher"],
    &["tv", "fernseher"],
    &["shoes", "schuhe"],
    &["jacket", "jacke"],
    &["shirt", "hemd"],
    &["trousers", "hose"],
    &["dress", "kleid"],
    &["running", "lauf"],
    &["rain", "regen"],
    &["helmet", "helm"],
    &["bike", "fahrrad"],
    &["lock", "schloss"],
    &["coffee", "kaffee"],
    &["beans", "bohnen"],
    &["ground", "gemahlener"],
    &["tea", "tee"],
    &["water", "wasser"],
    &["wine", "wein"],
    &["beer", "bier"],
    &["juice", "saft"],
    &["milk", "milch"],
    &["chocolate", "schokolade"],
    &["dog", "hunde"],
    &["cat", "katzen"],
    &["food", "futter"],
    &["chicken", "huhn"],
    &["salmon", "lachs"],
    &["machine", "maschine"],
    &["washing", "wasch"],
    &["dryer", "trockner"],
    &["fridge", "kuehlschrank"],
    &["dishwasher", "spuelmaschinen"],
    &["detergent", "waschmittel"],
    &["soap", "seife"],
    &["cream", "creme"],
    &["mattress", "matratze"],
    &["duvet", "bettdecke"],
    &["pillow", "kissen"],
    &["linen", "bettwaesche"],
    &["towel", "handtuch"],
    &["lamp", "lampe", "bulb", "leuchte"],
    &["strip", "streifen"],
    &["battery", "batterie"],
    &["card", "karte"],
    &["keyboard", "tastatur"],
    &["mouse", "maus"],
    &["wireless", "kabellos", "kabellose", "kabelloser"],
    &["cordless", "akku"],
    &["vacuum", "staubsauger"],
    &["drill", "bohrer", "bohrschrauber"],
    &["hammer"],
    &["saw", "saege"],
    &["hose", "schlauch"],
    &["lawn", "rasen"],
    &["mower", "maeher"],
    &["garden", "garten"],
    &["soil", "erde"],
    &["flower", "blumen"],
    &["table", "tisch"],
    &["chair", "stuhl"],
    &["bed", "bett"],
    &["paper", "papier"],
    &["pen", "stift"],
    &["book", "buch"],
    &["toy", "spielzeug"],
    &["lens", "objektiv"],
    &["camera", "kamera"],
    &["watch", "uhr"],
    &["knife", "messer"],
    &["pan", "pfanne"],
    &["pot", "topf"],
];

static NAMES: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| THINGS.iter().flat_map(|names| names.iter().map(|name| (*name, names[0]))).collect());

/// The English names of what a word is, where they are known; else the word itself. German compounds are two things.
pub(crate) fn common_names(word: &str) -> Vec<&str> {
    if let Some(name) = NAMES.get(word) {
        return vec![name];
    }
    const SHORTEST_PART: usize = 3;
    let parts = (SHORTEST_PART..word.len().saturating_sub(SHORTEST_PART - 1)).find_map(|place| {
        let (first, second) = (word.get(..place)?, word.get(place..)?);
        Some(vec![*NAMES.get(first)?, *NAMES.get(second)?])
    });
    parts.unwrap_or_else(|| vec![word])
}

//! The kinds of goods: category, name, price range and how the members of a family differ.

/// The retailer's own brand.
pub(crate) const OWN_BRAND: &str = "Nordlicht";

/// Invented makers.
pub(crate) const BRANDS: [&str; 14] = [
    "Kveldor", "Brysta", "Ozelio", "Trantek", "Quillmar", "Hexavo", "Velunto", "Zorvik", "Drosva", "Fenwark", "Skarvo",
    "Ulbrex", "Tavenko", OWN_BRAND,
];

pub(crate) const SUPPLIERS: [&str; 5] =
    ["Baltik Import GmbH", "Ferrum Distribution", "Hansekontor Elektro", "Sundwall Trading", "Direkt ab Werk"];

pub(crate) const SERIES: [&str; 16] = [
    "Aero", "Brio", "Core", "Duo", "Edge", "Flow", "Gravo", "Halo", "Ion", "Kite", "Luma", "Mono", "Nova", "Orbit",
    "Pulse", "Quant",
];

pub(crate) const COLOURS: [&str; 5] = ["Black", "White", "Navy", "Sand", "Forest"];

/// How the members of a family differ.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Axis {
    /// They do not: each model is one product.
    Single,
    /// So many colours, all at one price.
    Colours(usize),
    /// Lengths in tenths of a metre; net content in metres.
    Lengths(&'static [u32]),
    /// Items in a pack; net content in pieces.
    Packs(&'static [u32]),
    /// A size with its unit: dearer the larger.
    Sizes(&'static [u32], &'static str),
    /// Storage in gigabytes; net content counts them, for a price per gigabyte.
    Gigabytes(&'static [u32]),
}

/// When a kind of goods sells best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Season {
    /// November and December.
    Gifts,
    /// June to August.
    Summer,
    /// October to March.
    Dark,
    /// All year.
    Even,
}

/// A kind of goods.
pub(crate) struct Kind {
    pub(crate) category: &'static str,
    pub(crate) noun: &'static str,
    pub(crate) models: usize,
    pub(crate) axis: Axis,
    /// Market price of the smallest member, in euros: from, to.
    pub(crate) euros: (i64, i64),
    /// Gross margin of the category in percent of the net price.
    pub(crate) margin_percent: i64,
    /// Units a thousand days of an ordinary product.
    pub(crate) units: i64,
    pub(crate) season: Season,
}

const fn kind(
    category: &'static str,
    noun: &'static str,
    models: usize,
    axis: Axis,
    euros: (i64, i64),
    trade: (i64, i64),
    season: Season,
) -> Kind {
    Kind { category, noun, models, axis, euros, margin_percent: trade.0, units: trade.1, season }
}

/// All kinds of goods of the demo.
pub(crate) const KINDS: [Kind; 30] = [
    kind("TV & Audio > Headphones", "Wireless Headphones", 34, Axis::Colours(4), (29, 349), (28, 190), Season::Gifts),
    kind(
        "TV & Audio > Televisions",
        "4K Television",
        20,
        Axis::Sizes(&[43, 50, 55, 65, 75], "\""),
        (279, 799),
        (15, 110),
        Season::Gifts,
    ),
    kind("TV & Audio > Soundbars", "Soundbar", 40, Axis::Single, (89, 599), (24, 120), Season::Gifts),
    kind("TV & Audio > Speakers", "Bluetooth Speaker", 36, Axis::Colours(3), (25, 219), (28, 190), Season::Summer),
    kind("TV & Audio > Projectors", "Projector", 25, Axis::Single, (149, 1499), (20, 60), Season::Dark),
    kind(
        "Computers > SSDs",
        "NVMe SSD",
        24,
        Axis::Gigabytes(&[250, 500, 1000, 2000, 4000]),
        (29, 49),
        (16, 260),
        Season::Even,
    ),
    kind(
        "Computers > Memory Cards",
        "microSD Card",
        20,
        Axis::Gigabytes(&[64, 128, 256, 512]),
        (8, 15),
        (32, 300),
        Season::Summer,
    ),
    kind("Computers > Monitors", "Monitor", 30, Axis::Sizes(&[24, 27, 32], "\""), (109, 449), (16, 120), Season::Even),
    kind("Computers > Keyboards", "Keyboard", 35, Axis::Colours(2), (19, 149), (30, 120), Season::Even),
    kind("Computers > Mice", "Wireless Mouse", 30, Axis::Colours(3), (12, 89), (34, 170), Season::Even),
    kind(
        "Computers > Notebooks",
        "Notebook",
        24,
        Axis::Gigabytes(&[256, 512, 1000]),
        (449, 1099),
        (11, 120),
        Season::Even,
    ),
    kind("Computers > Docking Stations", "USB-C Dock", 30, Axis::Single, (39, 249), (28, 80), Season::Even),
    kind(
        "Phones > Smartphones",
        "Smartphone",
        26,
        Axis::Gigabytes(&[128, 256, 512]),
        (179, 899),
        (10, 220),
        Season::Gifts,
    ),
    kind("Phones > Cases", "Phone Case", 25, Axis::Colours(4), (9, 39), (55, 130), Season::Even),
    kind(
        "Phones > Chargers",
        "USB-C Charger",
        20,
        Axis::Sizes(&[20, 35, 65, 100], " W"),
        (12, 25),
        (40, 240),
        Season::Even,
    ),
    kind(
        "Phones > Power Banks",
        "Power Bank",
        20,
        Axis::Sizes(&[5000, 10000, 20000], " mAh"),
        (14, 29),
        (34, 220),
        Season::Summer,
    ),
    kind(
        "Accessories > USB Cables",
        "USB-C Cable",
        30,
        Axis::Lengths(&[5, 10, 20, 30]),
        (5, 14),
        (55, 260),
        Season::Even,
    ),
    kind(
        "Accessories > HDMI Cables",
        "HDMI Cable",
        18,
        Axis::Lengths(&[10, 20, 30, 50, 100]),
        (6, 15),
        (55, 170),
        Season::Dark,
    ),
    kind(
        "Accessories > Batteries",
        "AA Batteries",
        14,
        Axis::Packs(&[4, 8, 12, 24, 40]),
        (3, 6),
        (42, 420),
        Season::Gifts,
    ),
    kind("Smart Home > Bulbs", "Smart Bulb", 22, Axis::Packs(&[1, 2, 4]), (9, 25), (36, 190), Season::Dark),
    kind("Smart Home > Plugs", "Smart Plug", 14, Axis::Packs(&[1, 2, 4]), (9, 18), (36, 190), Season::Dark),
    kind("Smart Home > Cameras", "Indoor Camera", 16, Axis::Packs(&[1, 2, 3]), (29, 99), (28, 120), Season::Dark),
    kind("Gaming > Controllers", "Game Controller", 14, Axis::Colours(4), (29, 79), (22, 180), Season::Gifts),
    kind("Gaming > Headsets", "Gaming Headset", 20, Axis::Colours(2), (35, 179), (26, 140), Season::Gifts),
    kind("Photo > Action Cameras", "Action Camera", 24, Axis::Single, (99, 449), (18, 110), Season::Summer),
    kind("Photo > Tripods", "Tripod", 28, Axis::Single, (19, 189), (38, 60), Season::Summer),
    kind("Household > Vacuum Cleaners", "Cordless Vacuum", 21, Axis::Single, (119, 599), (22, 130), Season::Even),
    kind("Household > Coffee Machines", "Coffee Machine", 22, Axis::Colours(2), (79, 699), (21, 120), Season::Gifts),
    kind("Household > Kettles", "Kettle", 14, Axis::Colours(3), (24, 99), (32, 130), Season::Dark),
    kind("Household > Washing Machines", "Washing Machine", 30, Axis::Single, (329, 999), (14, 70), Season::Even),
];

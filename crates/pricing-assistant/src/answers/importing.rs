//! How a file is imported: the same way as by hand, through the preview and, for columns nobody knows, the mapping.

use app_contract::{AnswerLink, CardAction, ProposalCard};
use pricing_domain::FileKind;

use crate::composer::Composer;
use crate::figures::Figure;

/// What a kind of file holds and which columns it needs.
pub(super) const fn of_kind(kind: FileKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        FileKind::Products => ("products", "Produkte", "sku, name, price, currency"),
        FileKind::Prices => ("own prices", "eigene Preise", "sku, price_list, price, currency"),
        FileKind::Costs => ("costs", "Einstände", "sku, cost, currency"),
        FileKind::PriceHistory => ("own price history", "eigene Preise bisher", "sku, price, currency, valid_from"),
        FileKind::Promotions => ("promotions", "Aktionen", "sku, price, currency, valid_from, valid_to"),
        FileKind::Locks => ("price locks", "Preissperren", "sku, valid_from"),
        FileKind::Matches => ("matches", "Zuordnungen", "sku, competitor, url"),
        FileKind::Observations => {
            ("competitor prices", "Wettbewerbspreise", "sku, competitor, observed_at, price, currency")
        }
        FileKind::Sales => ("sales", "Verkäufe", "sku, date, units"),
        FileKind::Stock => ("stock", "Bestand", "sku, stock"),
        FileKind::Rates => ("exchange rates", "Wechselkurse", "date, quote, rate"),
    }
}

/// Says how, and offers to begin.
pub(super) fn tell(composer: &mut Composer<'_>, kind: Option<FileKind>) {
    let started = std::time::Instant::now();
    composer.step(
        "import_guide",
        kind.map_or("any", FileKind::as_str).to_owned(),
        0,
        started,
        AnswerLink::Import(kind),
    );
    let what = kind.map(of_kind);
    let words = |text: &str| Figure::Words(text.to_owned());
    if let Some((english, german, columns)) = what {
        composer.say(
            "A file of {0} is imported through Products, Import…: XLSX, CSV, TSV, XML or JSON lines, also packed. Its columns are: {1}.",
            "Eine Datei mit {0} wird über Products, Import… importiert: XLSX, CSV, TSV, XML oder JSON-Zeilen, auch gepackt. Ihre Spalten sind: {1}.",
            &[words(composer.pick(english, german)), words(columns)],
        );
    } else {
        composer.say(
            "A file is imported through Products, Import…: XLSX, CSV, TSV, XML or JSON lines, also packed. Its first line tells what it holds.",
            "Eine Datei wird über Products, Import… importiert: XLSX, CSV, TSV, XML oder JSON-Zeilen, auch gepackt. Ihre erste Zeile sagt, was sie enthält.",
            &[],
        );
    }
    composer.say(
        "Where the columns have other names, a screen asks what each of them is, and a mapping that was saved is recognised next time. A preview then shows what would change and which rows are refused; only after it is anything written, and it can be undone.",
        "Heißen die Spalten anders, fragt ein Schirm, was jede von ihnen ist; eine gespeicherte Zuordnung wird beim nächsten Mal erkannt. Dann zeigt eine Vorschau, was sich ändern würde und welche Zeilen abgelehnt werden; erst danach wird geschrieben, und es lässt sich rückgängig machen.",
        &[],
    );
    if kind == Some(FileKind::Observations) {
        composer.say(
            "Each row names the product by its SKU and the competitor by name; the prices count as offers with the moment they were seen.",
            "Jede Zeile nennt das Produkt mit seiner SKU und den Wettbewerber mit Namen; die Preise zählen als Angebote mit dem Zeitpunkt, zu dem sie gesehen wurden.",
            &[],
        );
    }
    let card = card(composer, kind);
    composer.card(card);
}

/// The card that begins an import.
pub(super) fn card(composer: &Composer<'_>, kind: Option<FileKind>) -> ProposalCard {
    let title = match kind.map(of_kind) {
        Some((english, german, _)) => {
            format!("{} {}", composer.pick("Import", "Import:"), composer.pick(english, german))
        }
        None => composer.pick("Import a file", "Datei importieren").to_owned(),
    };
    ProposalCard {
        title,
        product: String::new(),
        current: composer.pick("no file chosen", "keine Datei gewählt").to_owned(),
        proposed: composer.pick("a preview of your file", "eine Vorschau Ihrer Datei").to_owned(),
        reason: composer
            .pick(
                "Opens the file chooser; nothing is written before the preview.",
                "Öffnet die Dateiauswahl; vor der Vorschau wird nichts geschrieben.",
            )
            .to_owned(),
        effect: Vec::new(),
        guardrails: Vec::new(),
        confidence: String::new(),
        step: composer.current_step(),
        action: CardAction::ImportFile(kind),
    }
}

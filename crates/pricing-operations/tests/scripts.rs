//! The engine over plain files: what changes, what needs a person, and what a known accident would have done.

use std::path::{Path, PathBuf};

use pricing_domain::Instant;
use pricing_operations::{PlainFiles, PlainReport, lint_rules, price_files, read_rules, test_rules};

const CLOCK: Instant = Instant(1_800_000_000_000_000);

const PRODUCTS: &str = "\
sku,name,brand,category,currency,price,cost,vat_rate,rrp,stock,kvi,tags
A-1,Headphones,Sony,TV & Audio > Headphones,EUR,99.99,50.00,19,129.00,12,yes,
A-2,Kettle,Acme,Kitchen,EUR,39.99,,19,,5,no,clearance
A-3,Lamp,Acme,Light,EUR,24.99,12.00,19,,5,no,
A-4,Chair,Acme,Office,EUR,149.00,90.00,19,,0,no,
A-5,Wrong,Acme,Office,EUR,abc,90.00,19,,0,no,
A-6,Nothing,Acme,Office,EUR,50.00,0,19,,0,no,
";

const OFFERS: &str = "\
sku,competitor,observed_at,price,currency,availability
A-1,ElektroMax,2026-11-01T08:00:00Z,89.00,EUR,InStock
A-1,Volt,2026-11-01T08:00:00Z,94.00,EUR,InStock
A-1,ElektroMax,2026-10-01T08:00:00Z,70.00,EUR,InStock
A-2,ElektroMax,2026-11-01T08:00:00Z,0.01,EUR,InStock
A-3,ElektroMax,2026-11-01T08:00:00Z,19.99,USD,InStock
";

struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let made = Self { folder: tempfile::tempdir().expect("a folder") };
        made.write("products.csv", PRODUCTS);
        made.write("offers.csv", OFFERS);
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).expect("a file");
        self.path(name)
    }

    fn price(&self, rules: &str, all: bool) -> (PlainReport, String) {
        let rules = read_rules(&self.write("rules.txt", rules)).expect("rules");
        let (products, offers) = (self.path("products.csv"), self.path("offers.csv"));
        let out = self.path("out.csv");
        let report = price_files(&rules, &files(&products, Some(&offers)), &out, all).expect("priced");
        (report, std::fs::read_to_string(out).expect("a result"))
    }
}

fn files<'a>(products: &'a Path, offers: Option<&'a Path>) -> PlainFiles<'a> {
    PlainFiles { products, offers, decimal_separator: None, at: None, clock: CLOCK }
}

const RULES: &str = "\
rule set \"Plain\"
rule \"Follow\"
  when comp.count >= 1
  price lowest - 1 minor
rule \"Clear\"
  when tag = \"clearance\"
  price formula price * 90 %
guardrails
  floor margin 5 %
test \"follows\"
  sku \"A-1\"
  gives 88.99
test \"states its own\"
  given price 80
  given cost 50
  given vat 19
  given offer \"X\" 80
  gives 79.99
";

#[test]
fn plain_files_are_priced_as_of_the_newest_offer() {
    let folder = Folder::new();
    let (report, text) = folder.price(RULES, false);
    assert_eq!(report.at.to_string(), "2026-11-01T08:00:00Z");
    assert_eq!((report.products, report.offers, report.refused), (4, 4, 2));
    let columns: Vec<&str> = report.problems.iter().map(|problem| problem.column.as_str()).collect();
    assert_eq!(columns, ["price", "cost"], "a cost of zero is refused where it is read");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("sku,price_list,type,old_price,new_price,currency"), "{text}");
    assert!(lines[1].starts_with("A-1,DEFAULT,regular,99.99,88.99,EUR,"), "{text}");
    assert_eq!(lines.len(), 3, "unchanged products are absent: {text}");
    let (_, all) = folder.price(RULES, true);
    assert_eq!(all.lines().count(), 5);
    assert!(all.contains("A-4,DEFAULT,regular,149.00,149.00,EUR,"), "{all}");
}

#[test]
fn the_known_accident_leaves_nothing_and_says_why() {
    let folder = Folder::new();
    let accidents = [
        ("price lowest", "A-2", "no_cost"),
        ("price formula cost * 1.35 / 100", "A-1", "large_change"),
        ("price formula first(cost * 0, 0.01)", "A-4", "large_change"),
        ("price formula first(price_for_markup(cost, 10 %), price * 50 %)", "A-2", "no_cost"),
    ];
    for (price, sku, reason) in accidents {
        let (_, text) = folder.price(&format!("rule set \"x\"\nrule \"r\"\n  {price}\n"), false);
        let line = text.lines().find(|line| line.starts_with(sku)).unwrap_or_else(|| panic!("{price}: {text}"));
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[4], "", "{price}: nothing leaves: {line}");
        assert!(line.contains(&format!("{reason}: ")), "{price}: the reason is said: {line}");
    }
    let (_, text) = folder.price("rule set \"x\"\nrule \"r\"\n  price lowest\n", false);
    assert!(!text.contains("A-3"), "an offer in another currency moves nothing: {text}");
}

#[test]
fn tests_of_a_file_run_over_its_products() {
    let folder = Folder::new();
    let rules = read_rules(&folder.write("rules.txt", RULES)).expect("rules");
    let (products, offers) = (folder.path("products.csv"), folder.path("offers.csv"));
    let results = test_rules(&rules, Some(&files(&products, Some(&offers))), CLOCK).expect("run");
    assert!(results.iter().all(|result| result.passed), "{results:?}");
    let alone = test_rules(&rules, None, CLOCK).expect("run");
    assert_eq!(alone.iter().map(|result| result.passed).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn lint_works_with_and_without_a_catalogue() {
    let folder = Folder::new();
    let text = "rule set \"x\"\nrule \"a\"\n  price keep\nrule \"b\"\n  for brand = \"Sonny\"\n  price keep\n";
    let rules = read_rules(&folder.write("rules.txt", text)).expect("rules");
    let alone = lint_rules(&rules, None).expect("lint");
    assert_eq!(alone.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["b"]);
    let products = folder.path("products.csv");
    let found = lint_rules(&rules, Some(&files(&products, None))).expect("lint");
    assert!(found.iter().any(|one| one.message.contains("Sonny")), "{found:?}");
}

#[test]
fn a_wrong_file_of_rules_names_line_and_word() {
    let folder = Folder::new();
    let error = |text: &str| read_rules(&folder.write("rules.txt", text)).expect_err("refused").message;
    assert!(error("rule set \"x\"\nrule \"a\"\n  price lowset\n").contains("line 3"));
    let wrong_word = error("rule set \"x\"\nrule \"a\"\n  price formula cots * 1.2\n");
    assert!(wrong_word.contains("did you mean cost?"), "{wrong_word}");
}

#[test]
fn a_reading_from_far_ahead_does_not_set_the_time() {
    let folder = Folder::new();
    folder.write("offers.csv", &format!("{OFFERS}A-1,Volt,2031-01-01T00:00:00Z,1.00,EUR,InStock\n"));
    let (report, _) = folder.price("rule set \"x\"\nrule \"a\"\n  price lowest\n", false);
    assert_eq!(report.at.to_string(), "2026-11-01T08:00:00Z");
    assert!(report.problems.iter().any(|problem| problem.line == 7 && problem.column == "observed_at"), "{report:?}");
}

#[test]
fn a_file_that_is_read_is_never_written_over() {
    let folder = Folder::new();
    let rules = read_rules(&folder.write("rules.txt", RULES)).expect("rules");
    let (products, offers) = (folder.path("products.csv"), folder.path("offers.csv"));
    for input in [&products, &offers] {
        let refused = price_files(&rules, &files(&products, Some(&offers)), input, false).expect_err("an input");
        assert!(refused.message.contains("write to another file"), "{refused}");
    }
    assert_eq!(std::fs::read_to_string(products).expect("still there"), PRODUCTS);
}

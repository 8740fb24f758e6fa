//! Previews of files that are no products: each row beside what the workspace holds, and nothing written.

use app_contract::{ImportChange, ImportOptions, ImportPreview};
use pricing_domain::FileKind;
use pricing_operations::Progress;

use crate::support::Shop;

/// A kind, what is there, the file that is looked at, and what the preview says row by row.
struct Case {
    kind: FileKind,
    there: &'static str,
    file: &'static str,
    changed: &'static [&'static str],
    new: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        kind: FileKind::Prices,
        there: "sku,price_list,type,min_quantity,price,currency,valid_from,valid_to\nA1,B2B,regular,,20.00,EUR,,\n\
                A1,B2B,regular,10,18.00,EUR,,\nB2,B2B,regular,,9.00,EUR,2026-04-01,2026-05-01\n",
        file: "sku,price_list,type,min_quantity,price,currency,valid_from,valid_to\nA1,B2B,regular,,21.50,EUR,,\n\
               A1,B2B,regular,10,18.00,EUR,,\nB2,B2B,regular,,9.50,EUR,2026-04-01,2026-06-01\n\
               A1,B2B,regular,50,17.00,EUR,,\nA1,B2B,regular,,19.00,EUR,2027-01-01,\nX9,B2B,regular,,1.00,EUR,,\n",
        changed: &[
            "2 A1 [B2B · from 2026-03-02T15:00:00Z] price 20.00 EUR → 21.50 EUR",
            "4 B2 [B2B · from 2026-04-01T00:00:00Z] price 9.00 EUR → 9.50 EUR, \
             valid_to 2026-05-02T00:00:00Z → 2026-06-02T00:00:00Z",
        ],
        new: &[
            "5 A1 [B2B · from quantity 50 · from 2026-03-02T15:00:00Z] price – → 17.00 EUR",
            "6 A1 [B2B · from 2027-01-01T00:00:00Z] price 20.00 EUR → 19.00 EUR",
        ],
    },
    Case {
        kind: FileKind::PriceHistory,
        there: "sku,price,currency,valid_from,valid_to\nA1,33.00,EUR,2025-01-01,2025-03-01\n",
        file: "sku,price,currency,valid_from,valid_to\nA1,34.00,EUR,2025-01-01,2025-03-01\nA1,31.00,EUR,2025-03-01,2025-04-01\n",
        changed: &["2 A1 [DEFAULT · from 2025-01-01T00:00:00Z] price 33.00 EUR → 34.00 EUR"],
        new: &["3 A1 [DEFAULT · from 2025-03-01T00:00:00Z] price 33.00 EUR → 31.00 EUR, \
                valid_to 2025-03-02T00:00:00Z → 2025-04-02T00:00:00Z"],
    },
    Case {
        kind: FileKind::Costs,
        there: "sku,cost,currency,cost_type,supplier,valid_from\nA1,11.00,EUR,invoice,Alpha,2026-01-01\n",
        file: "sku,cost,currency,cost_type,supplier,valid_from\nA1,11.50,EUR,invoice,Alpha,2026-01-01\n\
               A1,12.25,EUR,invoice,Alpha,2026-06-01\nB2,4.10,USD,replacement,,2026-06-01\n",
        changed: &["2 A1 [Alpha · from 2026-01-01T00:00:00Z] cost 11.00 → 11.50"],
        new: &[
            "3 A1 [Alpha · from 2026-06-01T00:00:00Z] cost 11.00 → 12.25",
            "4 B2 [replacement · from 2026-06-01T00:00:00Z] cost – → 4.10, currency – → USD",
        ],
    },
    Case {
        kind: FileKind::Promotions,
        there: "sku,name,price,currency,valid_from,valid_to,funding\nA1,Spring,24.00,EUR,2026-04-01,2026-04-10,1.00\n",
        file: "sku,name,price,currency,valid_from,valid_to,funding\nA1,Spring,23.00,EUR,2026-04-01,2026-04-12,1.00\n\
               B2,Spring,14.00,EUR,2026-04-01,2026-04-10,\n",
        changed: &["2 A1 [DEFAULT · Spring · from 2026-04-01T00:00:00Z] price 24.00 EUR → 23.00 EUR, \
                    valid_to 2026-04-11T00:00:00Z → 2026-04-13T00:00:00Z"],
        new: &["3 B2 [DEFAULT · Spring · from 2026-04-01T00:00:00Z] price – → 14.00 EUR, \
                valid_to – → 2026-04-11T00:00:00Z"],
    },
    Case {
        kind: FileKind::Locks,
        there: "sku,price_list,price,currency,valid_from,valid_to,reason\nA1,DEFAULT,25.00,EUR,2026-04-01,2026-05-01,Contract 7\n",
        file: "sku,price_list,price,currency,valid_from,valid_to,reason\nA1,DEFAULT,26.00,EUR,2026-04-01,2026-05-01,Contract 8\n\
               B2,DEFAULT,,,2026-04-01,2026-05-01,Book\n",
        changed: &[
            "2 A1 [DEFAULT · from 2026-04-01T00:00:00Z] price 25.00 EUR → 26.00 EUR, reason Contract 7 → Contract 8",
        ],
        new: &["3 B2 [DEFAULT · from 2026-04-01T00:00:00Z] valid_to – → 2026-05-02T00:00:00Z, reason – → Book, \
                kind – → contract"],
    },
    Case {
        kind: FileKind::Sales,
        there: "sku,date,units,net_revenue\nA1,2026-02-01,3,75.00\n",
        file: "sku,date,units,net_revenue\nA1,2026-02-01,4.5,100.00\nA1,2026-02-02,1,25.00\n",
        changed: &["2 A1 [2026-02-01] units 3 → 4.5, net_revenue 75.00 → 100.00"],
        new: &["3 A1 [2026-02-02] units – → 1, net_revenue – → 25.00"],
    },
    Case {
        kind: FileKind::Stock,
        there: "sku,stock,location,inbound,inbound_date\nA1,7,North,5,2026-04-01\n",
        file: "sku,stock,location,inbound,inbound_date\nA1,6,North,5,2026-04-03\nA1,2,South,,\n",
        changed: &["2 A1 [North] stock 7 → 6, inbound_date 2026-04-01 → 2026-04-03"],
        new: &["3 A1 [South] stock – → 2"],
    },
    Case {
        kind: FileKind::Matches,
        there: "sku,competitor,url,match_type,pack_coefficient\nA1,Gamma,https://gamma.example/a,exact,1\n",
        file: "sku,competitor,url,match_type,pack_coefficient\nA1,Gamma,https://gamma.example/a,equivalent,1/6\n\
               B2,Delta,https://delta.example/b,exact,\n",
        changed: &["2 A1 [https://gamma.example/a] match_type exact → equivalent, pack_coefficient 1 → 1/6"],
        new: &["3 B2 [https://delta.example/b] competitor – → Delta, match_type – → exact, pack_coefficient – → 1"],
    },
    Case {
        kind: FileKind::Observations,
        there: "sku,competitor,observed_at,price,currency,availability\nA1,Gamma,2026-02-01T10:00:00Z,27.00,EUR,InStock\n",
        file: "sku,competitor,observed_at,price,currency,availability\nA1,Gamma,2026-02-01T10:00:00Z,26.00,EUR,InStock\n\
               A1,Gamma,2026-02-03T10:00:00Z,25.00,EUR,OutOfStock\n",
        changed: &["2 A1 [Gamma · seen 2026-02-01T10:00:00Z] price 27.00 EUR → 26.00 EUR"],
        new: &["3 A1 [Gamma · seen 2026-02-03T10:00:00Z] price 27.00 EUR → 25.00 EUR, \
                availability InStock → OutOfStock"],
    },
    Case {
        kind: FileKind::Rates,
        there: "date,base,quote,rate,source\n2026-02-27,EUR,USD,1.0823,ECB\n",
        file: "date,base,quote,rate,source\n2026-02-27,EUR,USD,1.0831,ECB\n2026-03-02,EUR,USD,1.09,ECB\n",
        changed: &["2 EUR/USD [2026-02-27] rate 1.0823 → 1.0831"],
        new: &["3 EUR/USD [2026-03-02] rate 1.0823 → 1.09"],
    },
];

async fn look(shop: &Shop, kind: FileKind, text: &str) -> ImportPreview {
    let path = shop.path("look.csv");
    std::fs::write(&path, text).expect("the file is written");
    let options = ImportOptions::of_kind(kind);
    shop.workspace.preview_import(&path, "look.csv", &options, &Progress::silent()).await.expect("a preview").0
}

fn words(rows: &[ImportChange]) -> Vec<String> {
    let word = |row: &ImportChange| {
        let fields = row
            .fields
            .iter()
            .map(|field| format!("{} {} → {}", field.field, field.old.as_deref().unwrap_or("–"), field.new));
        format!("{} {} [{}] {}", row.line, row.sku, row.about, fields.collect::<Vec<_>>().join(", "))
    };
    rows.iter().map(word).collect()
}

#[tokio::test]
async fn every_kind_is_previewed_field_by_field_and_nothing_is_written() {
    for case in CASES {
        let shop = Shop::with_products().await;
        shop.later_hours(1);
        shop.import_clean(case.kind, case.there).await;
        shop.later_hours(2);
        let before = (shop.workspace.sequence().await.expect("a number"), shop.picture().await);
        let preview = look(&shop, case.kind, case.file).await;
        assert_eq!((shop.workspace.sequence().await.expect("a number"), shop.picture().await), before);
        assert_eq!(words(&preview.changes), case.changed, "{}", case.kind);
        assert_eq!(words(&preview.new_rows), case.new, "{}", case.kind);
        assert_eq!((preview.missing, preview.missing_skus.len()), (0, 0), "{}", case.kind);
        let (counted, done) = (preview.report, shop.import(case.kind, case.file).await);
        assert_eq!(
            (counted.added, counted.changed, counted.unchanged, counted.refused, counted.problems),
            (done.added, done.changed, done.unchanged, done.refused, done.problems),
            "{}",
            case.kind
        );
        let again = look(&shop, case.kind, case.file).await;
        assert_eq!((words(&again.changes), words(&again.new_rows)), (Vec::new(), Vec::new()), "{}", case.kind);
    }
}

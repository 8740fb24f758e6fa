//! Products that follow others, in a run and in what it stores.

use app_contract::ProposalRow;
use pricing_domain::{ExceptionReason, FileKind};
use pricing_operations::Progress;

use crate::support::Shop;

const RULES: &str = "rule set \"Test\"
rule \"by material\"
  for attribute.material = \"steel\"
  price formula 22
rule \"child\"
  when sku = \"B2\"
  price follow product \"A1\" - 100 minor
rule \"one\"
  when sku = \"C3\"
  price follow product \"D4\" - 1 %
rule \"other\"
  when sku = \"D4\"
  price follow product \"C3\" - 1 %
";

async fn proposals(shop: &Shop) -> Vec<ProposalRow> {
    shop.workspace.activate_rule_set(pricing_rules::parse_rule_set(RULES).unwrap()).await.unwrap();
    shop.workspace.price(&Progress::silent()).await.unwrap();
    shop.proposals().await
}

#[tokio::test]
async fn a_stored_proposal_tells_whose_new_price_it_follows_and_which_circle_it_is_in() {
    let shop = Shop::new().await;
    let products = "sku,name,currency,price,cost,vat_rate,attribute:material\nA1,Kettle,EUR,20.00,10.00,19,steel\n\
                    B2,Lid,EUR,20.00,10.00,19,\nC3,Cup,EUR,20.00,10.00,19,\nD4,Mug,EUR,20.00,10.00,19,\n";
    shop.import_clean(FileKind::Products, products).await;
    let rows = proposals(&shop).await;
    let of = |sku: &str| rows.iter().find(|row| row.sku == sku).unwrap();
    assert_eq!((of("A1").new_minor, of("B2").new_minor), (Some(2_200), Some(2_100)));
    let way = shop.workspace.price_way(of("B2").id).await.unwrap();
    let told = way.lines.iter().any(|line| line.detail.contains("The price that this run gives “A1”"));
    assert!(told, "{way:#?}");
    for sku in ["C3", "D4"] {
        assert_eq!(of(sku).reason, Some(ExceptionReason::FollowCircle));
        let way = shop.workspace.price_way(of(sku).id).await.unwrap();
        assert!(way.summary.starts_with("“C3” follows “D4”, “D4” follows “C3”"), "{}", way.summary);
    }
}

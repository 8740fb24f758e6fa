//! The representative rule in other engines: a condition on four fields, the lowest competitor less half a percent or
//! else cost plus a margin, a margin floor, own bounds, a ceiling, a step and an ending, over random products.
//! `cargo run --release --manifest-path benches/peers/Cargo.toml`. Amounts are floating-point numbers, as these engines
//! have them; nothing of this is part of the product.

use std::error::Error;
use std::time::Instant;

/// A product as a peer sees it.
#[derive(Clone, Copy)]
struct Product {
    role: i64,
    stock: i64,
    own_brand: bool,
    key_value: bool,
    price: f64,
    cost: f64,
    lowest: f64,
    rrp: f64,
    min: f64,
    max: f64,
}

/// Rows for the engines that take a microsecond for each.
const FEW: usize = 50_000;
/// Rows for the loop in Rust.
const MANY: usize = 200_000;

const RULE: &str = "
    let wanted = if (role == 0 || role == 1) && stock >= 5 && !own_brand && !key_value {
        if lowest > 0.0 { lowest * 0.995 } else { cost / 0.75 * 1.19 }
    } else { price };
    let floor = max(cost / 0.9 * 1.19, min_price);
    let ceiling = min(rrp, max_price);
    let low = max(floor, price * 0.9);
    let high = min(ceiling, price * 1.1);
    let clamped = min(max(wanted, low), high);
    let ended = floor_of(clamped * 10.0) / 10.0 + 0.09;
    if ended > high { ended - 0.1 } else { ended }
";

fn main() -> Result<(), Box<dyn Error>> {
    let products: Vec<Product> = (0..MANY as u64).map(product).collect();
    report("A loop in Rust on f64", MANY, || products.iter().map(by_hand).sum());
    rhai(&products[..FEW])?;
    cel(&products[..FEW])
}

fn rhai(products: &[Product]) -> Result<(), Box<dyn Error>> {
    let mut engine = rhai::Engine::new();
    engine.register_fn("max", f64::max).register_fn("min", f64::min).register_fn("floor_of", f64::floor);
    let rule = engine.compile(RULE)?;
    let mut failed = None;
    report("Rhai", products.len(), || {
        let mut sum = 0.0;
        let mut scope = rhai::Scope::new();
        for product in products {
            scope.clear();
            scope
                .push("role", product.role)
                .push("stock", product.stock)
                .push("own_brand", product.own_brand)
                .push("key_value", product.key_value)
                .push("price", product.price)
                .push("cost", product.cost)
                .push("lowest", product.lowest)
                .push("rrp", product.rrp)
                .push("min_price", product.min)
                .push("max_price", product.max);
            match engine.eval_ast_with_scope::<f64>(&mut scope, &rule) {
                Ok(price) => sum += price,
                Err(error) => failed = Some(error.to_string()),
            }
        }
        sum
    });
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// CEL has no variables of its own, so that the strategy alone is measured, without guardrails and ending.
fn cel(products: &[Product]) -> Result<(), Box<dyn Error>> {
    let rule = cel::Program::compile(
        "(role == 0 || role == 1) && stock >= 5 && !own_brand && !key_value \
         ? (lowest > 0.0 ? lowest * 0.995 : cost / 0.75 * 1.19) : price",
    )?;
    let mut failed = None;
    report("CEL, condition and strategy only", products.len(), || {
        let mut sum = 0.0;
        for product in products {
            let mut context = cel::Context::default();
            context.add_variable_from_value("role", product.role);
            context.add_variable_from_value("stock", product.stock);
            context.add_variable_from_value("own_brand", product.own_brand);
            context.add_variable_from_value("key_value", product.key_value);
            context.add_variable_from_value("price", product.price);
            context.add_variable_from_value("cost", product.cost);
            context.add_variable_from_value("lowest", product.lowest);
            match rule.execute(&context) {
                Ok(cel::Value::Float(price)) => sum += price,
                other => failed = Some(format!("{other:?}")),
            }
        }
        sum
    });
    failed.map_or(Ok(()), |error| Err(error.into()))
}

fn by_hand(product: &Product) -> f64 {
    let applies = (product.role == 0 || product.role == 1) && product.stock >= 5;
    let wanted = match (applies && !product.own_brand && !product.key_value, product.lowest > 0.0) {
        (true, true) => product.lowest * 0.995,
        (true, false) => product.cost / 0.75 * 1.19,
        (false, _) => product.price,
    };
    let floor = (product.cost / 0.9 * 1.19).max(product.min);
    let ceiling = product.rrp.min(product.max);
    let (low, high) = (floor.max(product.price * 0.9), ceiling.min(product.price * 1.1));
    let clamped = wanted.max(low).min(high);
    let ended = (clamped * 10.0).floor() / 10.0 + 0.09;
    if ended > high { ended - 0.1 } else { ended }
}

/// A random product, the same every time.
fn product(number: u64) -> Product {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |most: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % most
    };
    let cost = (200 + below(49_800)) as f64 / 100.0;
    let price = (cost * (120 + below(70)) as f64).floor() / 100.0;
    Product {
        role: below(4) as i64,
        stock: below(200) as i64,
        own_brand: below(10) == 0,
        key_value: below(10) == 0,
        price,
        cost: cost * 0.8,
        lowest: if below(10) == 0 { 0.0 } else { price * (80 + below(45)) as f64 / 100.0 },
        rrp: price * 1.3,
        min: if below(10) == 0 { price * 0.7 } else { 0.0 },
        max: if below(10) == 0 { price * 2.0 } else { 1e9 },
    }
}

/// The best of five, in nanoseconds a product.
fn report(name: &str, products: usize, mut work: impl FnMut() -> f64) {
    let once = |work: &mut dyn FnMut() -> f64| {
        let began = Instant::now();
        std::hint::black_box(work());
        began.elapsed().as_secs_f64()
    };
    let seconds = (0..5).map(|_| once(&mut work)).fold(f64::INFINITY, f64::min);
    println!("{name}: {:.1} ns a product", seconds * 1e9 / products as f64);
}

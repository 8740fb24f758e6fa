//! What the grid shows, as it stands in the address: search, filters, order, the open product.

use std::str::FromStr;

use pricing_domain::{GridColumn, GridFilter, GridSort};

/// What the grid shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridQuery {
    /// Words that must all occur.
    pub search: String,
    /// All must hold.
    pub filters: Vec<GridFilter>,
    /// The order.
    pub sort: GridSort,
    /// The SKU of the open product.
    pub product: Option<String>,
}

impl Default for GridQuery {
    fn default() -> Self {
        let sort = GridSort { column: GridColumn::Sku, descending: false };
        Self { search: String::new(), filters: Vec::new(), sort, product: None }
    }
}

impl GridQuery {
    /// Reads it from the parts of an address, by name.
    pub fn read(part: impl Fn(&str) -> Vec<String>) -> Self {
        let one = |name: &str| part(name).into_iter().next();
        let column = one("sort").and_then(|text| GridColumn::from_str(&text).ok()).unwrap_or(GridColumn::Sku);
        Self {
            search: one("q").unwrap_or_default(),
            filters: part("f").iter().filter_map(|text| text.parse().ok()).collect(),
            sort: GridSort { column, descending: one("desc").is_some() },
            product: one("product").filter(|sku| !sku.is_empty()),
        }
    }

    /// Writes it as an address.
    pub fn address(&self) -> String {
        let mut parts = Vec::new();
        if !self.search.is_empty() {
            parts.push(format!("q={}", escaped(&self.search)));
        }
        parts.extend(self.filters.iter().map(|filter| format!("f={}", escaped(&filter.to_string()))));
        if self.sort.column != GridColumn::Sku {
            parts.push(format!("sort={}", self.sort.column));
        }
        if self.sort.descending {
            parts.push("desc=1".to_owned());
        }
        parts.extend(self.product.iter().map(|sku| format!("product={}", escaped(sku))));
        match parts.is_empty() {
            true => "/products".to_owned(),
            false => format!("/products?{}", parts.join("&")),
        }
    }

    /// Without the open product: what the rows depend on.
    pub fn rows(&self) -> Self {
        Self { product: None, ..self.clone() }
    }

    /// Sorted by a column; a second time the other way round.
    pub fn sorted_by(&self, column: GridColumn) -> Self {
        let descending = self.sort.column == column && !self.sort.descending;
        Self { sort: GridSort { column, descending }, ..self.clone() }
    }

    /// With a filter more, once.
    pub fn with_filter(&self, filter: GridFilter) -> Self {
        let mut query = self.clone();
        if !query.filters.contains(&filter) {
            query.filters.push(filter);
        }
        query
    }

    /// With a filter less.
    pub fn without_filter(&self, filter: &GridFilter) -> Self {
        let mut query = self.clone();
        query.filters.retain(|kept| kept != filter);
        query
    }
}

/// Percent-encodes all but letters, digits and `-_.~`.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use pricing_domain::{GridColumn, GridFilter, GridSort, Role};

    use super::GridQuery;

    #[test]
    fn an_address_brings_the_same_grid_back() {
        let query = GridQuery {
            search: "bosch 50%".into(),
            filters: vec![
                GridFilter::Category("TV & Audio > Headphones".into()),
                GridFilter::BelowCost,
                GridFilter::Role(Role::Tail),
            ],
            sort: GridSort { column: GridColumn::Margin, descending: true },
            product: Some("A/1".into()),
        };
        let address = query.address();
        assert_eq!(
            address,
            "/products?q=bosch%2050%25&f=category%3ATV%20%26%20Audio%20%3E%20Headphones&f=below_cost&f=role%3Atail\
             &sort=margin&desc=1&product=A%2F1"
        );
        let parts = address.split_once('?').expect("parts").1.to_owned();
        let read = GridQuery::read(|name| {
            parts
                .split('&')
                .filter_map(|part| part.split_once('='))
                .filter(|(key, _)| *key == name)
                .map(|(_, value)| unescaped(value))
                .collect()
        });
        assert_eq!(read, query);
    }

    fn unescaped(text: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let Some((first, tail)) = rest.split_first() {
            if *first == b'%' {
                let code = std::str::from_utf8(&tail[..2]).expect("hex");
                bytes.push(u8::from_str_radix(code, 16).expect("hex"));
                rest = &tail[2..];
            } else {
                bytes.push(*first);
                rest = tail;
            }
        }
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn a_second_click_on_a_heading_turns_the_order_round() {
        let once = GridQuery::default().sorted_by(GridColumn::Price);
        assert_eq!(once.sort, GridSort { column: GridColumn::Price, descending: false });
        assert!(once.sorted_by(GridColumn::Price).sort.descending);
        assert!(!once.sorted_by(GridColumn::Gap).sort.descending);
    }

    #[test]
    fn an_unknown_part_of_an_address_is_passed_over() {
        let query = GridQuery::read(|name| match name {
            "f" => vec!["nonsense".into(), "locked".into()],
            "sort" => vec!["colour".into()],
            _ => vec![],
        });
        assert_eq!(query.filters, [GridFilter::Locked]);
        assert_eq!(query.sort.column, GridColumn::Sku);
    }
}

//! Reads answers from JSON in little code. `serde_json` compiles its parser into the reading of every type, and reads each
//! structure from an array as well; here a text is parsed into a tree once, and types are read from the tree, structures
//! from objects alone. With some hundred types that is a tenth of the interface's size.

use std::slice::Iter;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess,
};
use serde::de::{Unexpected, VariantAccess, Visitor};
use serde_json::{Error, Map, Value};

type Result<T> = std::result::Result<T, Error>;

/// What a text says.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    let tree: Value = serde_json::from_str(text)?;
    T::deserialize(Tree(&tree))
}

/// A value of the tree.
#[derive(Clone, Copy)]
struct Tree<'de>(&'de Value);

impl Tree<'_> {
    #[cold]
    fn refuse<T>(self, expected: &dyn Expected) -> Result<T> {
        let found = match self.0 {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(_) => Unexpected::Other("number"),
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Err(Error::invalid_type(found, expected))
    }
}

/// Methods that read what one other method reads as well.
macro_rules! read_as {
    ($($method:ident $(($($argument:ty),+))? as $other:ident;)+) => {
        $(fn $method<V: Visitor<'de>>(self, $($(_: $argument,)+)? visitor: V) -> Result<V::Value> {
            self.$other(visitor)
        })+
    };
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(_) => self.deserialize_bool(visitor),
            Value::Number(_) => self.deserialize_f64(visitor),
            Value::String(_) => self.deserialize_str(visitor),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Bool(value) => visitor.visit_bool(*value),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let Value::Number(number) = self.0 else { return self.refuse(&visitor) };
        match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => visitor.visit_u64(number),
            (_, Some(number), _) => visitor.visit_i64(number),
            (.., Some(number)) => visitor.visit_f64(number),
            (None, None, None) => self.refuse(&visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::String(text) => visitor.visit_str(text),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Array(values) => visitor.visit_seq(Values(values.iter())),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Object(entries) => visitor.visit_map(Entries::of(entries)),
            _ => self.refuse(&visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let variant = match self.0 {
            Value::String(name) => Some((name, None)),
            Value::Object(entries) if entries.len() == 1 => {
                entries.iter().next().map(|(name, held)| (name, Some(held)))
            }
            _ => None,
        };
        match variant {
            Some((name, held)) => visitor.visit_enum(Variant { name, held: held.map(Tree) }),
            None => self.refuse(&visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    read_as! {
        deserialize_i8 as deserialize_f64;
        deserialize_i16 as deserialize_f64;
        deserialize_i32 as deserialize_f64;
        deserialize_i64 as deserialize_f64;
        deserialize_i128 as deserialize_f64;
        deserialize_u8 as deserialize_f64;
        deserialize_u16 as deserialize_f64;
        deserialize_u32 as deserialize_f64;
        deserialize_u64 as deserialize_f64;
        deserialize_u128 as deserialize_f64;
        deserialize_f32 as deserialize_f64;
        deserialize_char as deserialize_str;
        deserialize_string as deserialize_str;
        deserialize_identifier as deserialize_str;
        deserialize_bytes as deserialize_seq;
        deserialize_byte_buf as deserialize_seq;
        deserialize_unit_struct(&'static str) as deserialize_unit;
        deserialize_tuple(usize) as deserialize_seq;
        deserialize_tuple_struct(&'static str, usize) as deserialize_seq;
        deserialize_struct(&'static str, &'static [&'static str]) as deserialize_map;
    }
}

/// The values of an array.
struct Values<'de>(Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Values<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        self.0.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The entries of an object.
struct Entries<'de> {
    entries: serde_json::map::Iter<'de>,
    /// That of the key read last.
    value: Option<&'de Value>,
}

impl<'de> Entries<'de> {
    fn of(entries: &'de Map<String, Value>) -> Self {
        Self { entries: entries.iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Key(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match self.value.take() {
            Some(value) => seed.deserialize(Tree(value)),
            None => Err(Error::custom("a value is read after its key")),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// The key of an entry, which is always a text; numbers are read from it.
#[derive(Clone, Copy)]
struct Key<'de>(&'de str);

impl Key<'_> {
    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match (self.0.parse::<u64>(), self.0.parse::<i64>()) {
            (Ok(number), _) => visitor.visit_u64(number),
            (_, Ok(number)) => visitor.visit_i64(number),
            _ => Err(Error::invalid_type(Unexpected::Str(self.0), &visitor)),
        }
    }
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(Variant { name: self.0, held: None })
    }

    read_as! {
        deserialize_i8 as number;
        deserialize_i16 as number;
        deserialize_i32 as number;
        deserialize_i64 as number;
        deserialize_u8 as number;
        deserialize_u16 as number;
        deserialize_u32 as number;
        deserialize_u64 as number;
    }

    serde::forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// A variant by its name, with what it holds.
struct Variant<'de> {
    name: &'de str,
    held: Option<Tree<'de>>,
}

impl<'de> Variant<'de> {
    fn held(&self) -> Result<Tree<'de>> {
        self.held.ok_or_else(|| Error::custom("the variant holds nothing"))
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        Ok((seed.deserialize(Key(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        match self.held {
            None | Some(Tree(Value::Null)) => Ok(()),
            Some(held) => held.refuse(&"a variant that holds nothing"),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.held()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.held()?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.held()?.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::from_text;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        Amount(i64),
        Pair(u8, String),
        Range { from: Option<i64>, to: Option<f64> },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Tagged {
        Empty,
        Full { cents: i64, kinds: Vec<Kind> },
    }

    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    struct Minor(i64);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Everything {
        unit: (),
        letter: char,
        largest: u64,
        least: Minor,
        share: f64,
        whole: f64,
        tagged: Vec<Tagged>,
        by_number: BTreeMap<i64, bool>,
        by_amount: BTreeMap<Minor, [u16; 2]>,
        #[serde(flatten)]
        rest: BTreeMap<String, serde_json::Value>,
        #[serde(default)]
        missing: Option<String>,
    }

    fn everything() -> Everything {
        let kinds = vec![
            Kind::Plain,
            Kind::Amount(-5),
            Kind::Pair(7, "ü\n".to_owned()),
            Kind::Range { from: None, to: Some(0.25) },
        ];
        Everything {
            unit: (),
            letter: '€',
            largest: u64::MAX,
            least: Minor(i64::MIN),
            share: -0.125,
            whole: 3.0,
            tagged: vec![Tagged::Empty, Tagged::Full { cents: 9_007_199_254_740_993, kinds }],
            by_number: BTreeMap::from([(-1, true), (2, false)]),
            by_amount: BTreeMap::from([(Minor(199), [1, 2])]),
            rest: BTreeMap::from([("more".to_owned(), serde_json::json!({"a": [1, null, "x"]}))]),
            missing: None,
        }
    }

    #[test]
    fn every_shape_is_read_as_serde_json_reads_it() {
        let text = serde_json::to_string(&everything()).expect("serialises");
        assert_eq!(from_text::<Everything>(&text).expect("is read"), everything());
        assert_eq!(serde_json::from_str::<Everything>(&text).expect("is read"), everything());
    }

    #[test]
    fn what_does_not_fit_is_refused_and_says_what_was_expected() {
        let refused = |text: &str| from_text::<Vec<Kind>>(text).expect_err("does not fit").to_string();
        assert!(refused("{}").contains("expected a sequence"), "{}", refused("{}"));
        assert!(refused("[\"other\"]").contains("unknown variant `other`"), "{}", refused("[\"other\"]"));
        assert!(refused("[{\"plain\": 1}]").contains("holds nothing"), "{}", refused("[{\"plain\": 1}]"));
        assert!(refused("[\"amount\"]").contains("holds nothing"), "{}", refused("[\"amount\"]"));
        assert!(refused("[1").contains("EOF"), "{}", refused("[1"));
        assert!(from_text::<u8>("256").is_err() && from_text::<i64>("1.5").is_err() && from_text::<bool>("0").is_err());
    }
}

//! Inputs made from known ones by damage, and a few from nothing.

use std::io::{Cursor, Read};

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use zip::ZipArchive;

use crate::hostile::{archive, gzip};

/// Longest input.
const LONGEST: usize = 2_000_000;

/// A packed file whose content is damaged, so that what reads the content is reached; a quarter is damaged from without.
pub fn packed_input(random: &mut ChaCha8Rng, corpus: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    if random.random_bool(0.25) {
        return input(random, corpus, words);
    }
    let chosen = &corpus[random.random_range(0..corpus.len())];
    damaged_within(random, chosen, words).unwrap_or_else(|| input(random, corpus, words))
}

/// `None`: the file is not packed as it claims.
fn damaged_within(random: &mut ChaCha8Rng, packed: &[u8], words: &[&str]) -> Option<Vec<u8>> {
    if packed.starts_with(b"\x1f\x8b") {
        let mut content = Vec::new();
        flate2::read::MultiGzDecoder::new(packed).take(LONGEST as u64).read_to_end(&mut content).ok()?;
        damage_some(random, &mut content, words);
        return gzip(&content).ok();
    }
    let mut opened = ZipArchive::new(Cursor::new(packed)).ok()?;
    let mut parts = Vec::new();
    for index in 0..opened.len() {
        let part = opened.by_index(index).ok()?;
        let name = part.name().ok()?.to_string();
        let mut content = Vec::new();
        part.take(LONGEST as u64).read_to_end(&mut content).ok()?;
        parts.push((name, content));
    }
    // The largest part holds the rows.
    let largest = (0..parts.len()).max_by_key(|place| parts[*place].1.len())?;
    let place = if random.random_bool(0.6) { largest } else { random.random_range(0..parts.len()) };
    damage_some(random, &mut parts[place].1, words);
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    archive(&parts).ok()
}

/// Damages a text with pieces of its own.
fn damage_some(random: &mut ChaCha8Rng, content: &mut Vec<u8>, words: &[&str]) {
    let own = [content.clone()];
    for _ in 0..random.random_range(0..6) {
        damage(random, content, &own, words);
    }
}

/// One input: a known one damaged a few times, or words and bytes at random.
pub fn input(random: &mut ChaCha8Rng, corpus: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut input = match random.random_range(0..12) {
        0 => random_words(random, words),
        1 => random_bytes(random),
        _ => corpus[random.random_range(0..corpus.len())].clone(),
    };
    for _ in 0..random.random_range(0..8) {
        damage(random, &mut input, corpus, words);
    }
    input.truncate(LONGEST);
    input
}

fn random_words(random: &mut ChaCha8Rng, words: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..random.random_range(1..200) {
        out.extend_from_slice(words[random.random_range(0..words.len())].as_bytes());
        if random.random_bool(0.3) {
            out.extend_from_slice(random.random_range(0..100_000u32).to_string().as_bytes());
        }
    }
    out
}

fn random_bytes(random: &mut ChaCha8Rng) -> Vec<u8> {
    (0..random.random_range(0..400)).map(|_| random.random()).collect()
}

fn damage(random: &mut ChaCha8Rng, input: &mut Vec<u8>, corpus: &[Vec<u8>], words: &[&str]) {
    let (from, to) = slice(random, input.len());
    match random.random_range(0..8) {
        0 if !input.is_empty() => {
            let at = random.random_range(0..input.len());
            input[at] = random.random();
        }
        1 => drop(input.drain(from..to)),
        2 => {
            let repeated = input[from..to].repeat(random.random_range(1..40));
            insert(input, from, &repeated);
        }
        3 | 4 => {
            let word = words[random.random_range(0..words.len())].as_bytes();
            insert(input, from, &word.repeat(random.random_range(1..4)));
        }
        5 => {
            let word = words[random.random_range(0..words.len())].as_bytes();
            insert(input, from, &word.repeat(random.random_range(1..20_000)));
        }
        6 => {
            let other = &corpus[random.random_range(0..corpus.len())];
            let (start, end) = slice(random, other.len());
            insert(input, from, &other[start..end]);
        }
        _ => input.truncate(to),
    }
}

fn slice(random: &mut ChaCha8Rng, length: usize) -> (usize, usize) {
    let from = random.random_range(0..=length);
    let longest = (length - from).min(2_000);
    (from, from + random.random_range(0..=longest))
}

fn insert(input: &mut Vec<u8>, at: usize, what: &[u8]) {
    if input.len() + what.len() <= LONGEST {
        input.splice(at..at, what.iter().copied());
    }
}

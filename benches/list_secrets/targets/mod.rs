//! The targets for the speed of the program, and what is measured.

mod keys;
mod process;
mod rates;

use std::io::{Write, stdout};

use crate::client::ROUNDS;

/// A row of the table.
struct Row {
    name: String,
    unit: &'static str,
    goal: Goal,
    /// The number of measurements; the table shows their median.
    turns: usize,
    measure: Measure,
}

/// Measures once.
type Measure = Box<dyn FnMut() -> f64>;

/// The target, and the one after it.
enum Goal {
    AtLeast(&'static [f64]),
    AtMost(&'static [f64]),
}

impl Row {
    fn new(name: impl Into<String>, unit: &'static str, goal: Goal, measure: Measure) -> Self {
        Self {
            name: name.into(),
            unit,
            goal,
            turns: ROUNDS,
            measure,
        }
    }

    /// A row that is measured once.
    fn once(self) -> Self {
        Self { turns: 1, ..self }
    }
}

/// Prints the table. The longest list has the largest of these numbers of secrets.
pub fn print(sizes: &[u64]) {
    let longest = *sizes.iter().max().expect("a size");
    println!(
        "Targets: medians of {ROUNDS} turns; `of bare` is the rate of requests, compared with a bare actix-web handler that sends the same bytes"
    );
    println!(
        "{:<58} {:>9} {:>17} {:<8} targets",
        "", "median", "from, to", ""
    );
    let directory = crate::data::directory();
    print_rows(rates::rows(longest, directory.path()));
    print_rows(process::rows(longest, directory.path()));
    println!();
}

fn print_rows(mut rows: Vec<Row>) {
    let mut values = vec![Vec::new(); rows.len()];
    // In turns, so that other load on the machine affects all alike.
    for turn in 0..ROUNDS {
        for (row, values) in rows.iter_mut().zip(&mut values) {
            if turn < row.turns {
                values.push((row.measure)());
            }
        }
    }
    for (row, values) in rows.iter().zip(values) {
        let least = values.iter().copied().fold(f64::MAX, f64::min);
        let most = values.iter().copied().fold(0.0, f64::max);
        let median = crate::median(values);
        println!(
            "{:<58} {median:>9.2} {least:>8.2} {most:>8.2} {:<8} {}",
            row.name,
            row.unit,
            row.goal.results(median)
        );
    }
    stdout().flush().expect("standard output accepts text");
}

impl Goal {
    /// The targets, and whether a value meets them.
    fn results(&self, value: f64) -> String {
        let (word, targets) = match self {
            Self::AtLeast(targets) => ("at least", targets),
            Self::AtMost(targets) => ("at most", targets),
        };
        let results = targets.iter().map(|target| {
            let is_met = match self {
                Self::AtLeast(_) => value >= *target,
                Self::AtMost(_) => value <= *target,
            };
            let result = if is_met { "met" } else { "missed" };
            format!("{word} {target} ({result})")
        });
        results.collect::<Vec<_>>().join(", ")
    }
}

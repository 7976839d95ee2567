//! Weights stay monotone in level: where the shipped table has one level of a field speak at least as much
//! for the same individual as another, so does what was learnt. Neighbours that would cross are pooled, each
//! counting by the pairs it was seen in (pool adjacent violators, Ayer and others 1955).

use super::em::real;
use crate::Weights;
use crate::level::{Bits, Level};

/// Levels that were pooled into one weight.
struct Pool {
    levels: Vec<Level>,
    weight: f64,
    bits: f64,
}

/// The bits with the shipped order of `same` restored in each field. `pairs` are the pairs each level was
/// seen in; a level counts for one more, so that unseen ones count too.
pub(super) fn kept(bits: Vec<Bits>, pairs: &[f64]) -> Vec<Bits> {
    let mut kept = bits;
    let mut fields: Vec<_> = Level::ALL.iter().map(|level| level.field()).collect();
    fields.dedup();
    for field in fields {
        let mut levels: Vec<Level> = Level::ALL.iter().copied().filter(|level| level.field() == field).collect();
        let shipped = Weights::shipped();
        levels.sort_by(|a, b| shipped.of(*b).same.total_cmp(&shipped.of(*a).same));
        for pool in pooled(&levels, &kept, pairs) {
            for level in pool.levels {
                if let Some(own) = kept.get_mut(level as usize) {
                    own.same = pool.bits;
                }
            }
        }
    }
    kept
}

/// Pools from the strongest level on; each has at least the bits of the next.
fn pooled(levels: &[Level], bits: &[Bits], pairs: &[f64]) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::with_capacity(levels.len());
    for level in levels {
        let weight = 1.0 + pairs.get(*level as usize).copied().unwrap_or_default();
        let own = bits.get(*level as usize).map_or(0.0, |bits| bits.same);
        let mut pool = Pool { levels: vec![*level], weight, bits: own };
        while let Some(stronger) = pools.pop_if(|stronger| stronger.bits < pool.bits) {
            pool = join(stronger, pool);
        }
        pools.push(pool);
    }
    pools
}

fn join(mut stronger: Pool, weaker: Pool) -> Pool {
    let weight = stronger.weight + weaker.weight;
    stronger.bits = (stronger.bits * stronger.weight + weaker.bits * weaker.weight) / weight;
    stronger.weight = weight;
    stronger.levels.extend(weaker.levels);
    stronger
}

/// Values made to rise with their place, each counting alike.
pub(super) fn rising(values: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::with_capacity(values.len());
    for value in values {
        let mut pool = (*value, 1);
        while let Some((mean, count)) = pools.pop_if(|(mean, _)| *mean > pool.0) {
            let both = count + pool.1;
            pool = ((mean * real(count) + pool.0 * real(pool.1)) / real(both), both);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(mean, count)| std::iter::repeat_n(mean, count)).collect()
}

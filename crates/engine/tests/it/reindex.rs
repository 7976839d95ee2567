//! Keys and terms of an older matcher are made anew before the first batch of a newer one.

use crate::world::{World, person, world};
use tributary_contact::state::State;
use tributary_engine::INDEX_VERSION;
use tributary_store::StoreExt;

fn stored(world: &World) -> (i32, Vec<(i64, i64)>) {
    world
        .engine
        .store()
        .reading(|tx| {
            let mut terms = tx.term_counts(world.org)?;
            terms.sort_unstable();
            Ok((tx.organization(world.org)?.unwrap().key_version, terms))
        })
        .unwrap()
}

/// The index as an older matcher, or a rebuild that was cut off, leaves it.
fn outdated(world: &World, version: i32) {
    let outdated = world.engine.store().writing("test", |tx| {
        tx.clear_index(world.org)?;
        tx.add_terms(world.org, &[(77, 3)])?;
        let mut organization = tx.organization(world.org)?.unwrap();
        organization.key_version = version;
        tx.update_organization(&organization)
    });
    outdated.unwrap();
}

fn with_three_people() -> World {
    let world = world();
    world.load(&[
        ("1", person("a", "Margaret", "Okonkwo", "margaret.okonkwo@example.org")),
        ("1", person("b", "Luis", "Okonkwo", "luis@example.org")),
        ("2", person("c", "Henrietta", "Brandt", "brandt@example.org")),
    ]);
    world
}

#[test]
fn an_index_of_an_older_version_is_made_anew_by_the_next_batch() {
    let world = with_three_people();
    let (_, terms) = stored(&world);
    outdated(&world, 1);
    let row = world.submit(&[person("x", "Margaret", "Okonkwo", "margaret.okonkwo@example.org")]);
    world.run();
    assert_eq!(world.transaction(row[0]).state, State::Merged);
    assert_eq!(stored(&world), (INDEX_VERSION, terms));
}

#[test]
fn a_rebuild_that_was_cut_off_goes_on_where_it_stopped() {
    let world = with_three_people();
    let contacts = world.contacts();
    let first = i32::try_from(contacts[0].id.0).unwrap();
    outdated(&world, -1 - first);
    let known = person("x", "Margaret", "Okonkwo", "margaret.okonkwo@example.org");
    let rows = world.submit(&[known, person("y", "Henrietta", "Brandt", "brandt@example.org")]);
    world.run();
    // The first contact counts as done, so it was not looked at again and nobody finds it; the second is found.
    assert_eq!(world.transaction(rows[0]).state, State::Created);
    assert_eq!(world.transaction(rows[1]).state, State::Merged);
    assert_eq!(stored(&world).0, INDEX_VERSION);
}

#![allow(clippy::all, clippy::unwrap_used, clippy::indexing_slicing, missing_docs, clippy::disallowed_methods)]
use std::time::Instant;
use tributary_contact::*;
use tributary_contact::clock::*;
use tributary_contact::state::*;
use tributary_store::*;
use std::collections::*;
fn bench(url: &str) {
    let store = tributary_db::open(url, &Default::default()).unwrap();
    let at = SystemClock.now();
    let org = store.writing("o", |tx| tx.insert_organization(&Organization{id:OrganizationId(0),name:"x".into(),time_zone:"UTC".into(),country:"US".into(),batch_cron:"0 0 * * *".into(),last_due_at:at,key_version:1,created_at:at})).unwrap();
    let sub = |i: usize| Submission{reference:Some(Reference{source:"Harbor".into(),id:format!("ref-{i}")}),fields:BTreeMap::from([(Field::FirstName,"Maria".to_string()),(Field::LastName,format!("Last{i}"))]),
      methods: vec![Method{label:"Home Email".into(),value:format!("maria{i}@example.org"),opted_in:Some(true),primary:true},Method{label:"Home Phone".into(),value:format!("+1555{i:07}"),opted_in:None,primary:true}],
      addresses: vec![Address{address1:Some(format!("{i} Main Street")),city:Some("Springfield".into()),state:Some("IL".into()),postal:Some("62701".into()),..Default::default()}],..Default::default()};
    let golden = |i: usize| Golden{fields:BTreeMap::from([(Field::Name,format!("Maria Last{i}"))]),
       individuals: vec![GoldenIndividual{id:ItemId(i as i64),fields:BTreeMap::from([(Field::FirstName,"Maria".to_string()),(Field::LastName,format!("Last{i}"))]),also_known_as:Default::default(),methods:vec![GoldenMethod{id:ItemId(1),label:"Home Email".into(),value:format!("maria{i}@example.org"),opted_in:true,primary:true},GoldenMethod{id:ItemId(1),label:"Home Phone".into(),value:format!("+1555{i:07}"),opted_in:true,primary:true}]}],
       provenance:(0..8).map(|k|(format!("individuals/{k}/lastName"),RecordId(SystemIds.next()))).collect(),..Default::default()};
    let n = 100_000usize; let c = 2000usize;
    let t=Instant::now();
    let held: Vec<HeldRow> = (0..n).map(|i|HeldRow{organization:org,id:RecordId(SystemIds.next()),received_at:at,key_id:Some(1),submission:sub(i)}).collect();
    println!("built {:?}", t.elapsed());
    let t=Instant::now(); for ch in held.chunks(50){store.ledger().hold(ch).unwrap();} println!("hold by 50: {:?}", t.elapsed());
    let key = |i:usize,k:usize| (((i*6+k) as u64).wrapping_mul(0x9E3779B97F4A7C15)) as i64;
    let mut times: BTreeMap<&str,f64> = BTreeMap::new();
    macro_rules! step {($name:literal,$e:expr)=>{{let t=Instant::now(); let r=$e; *times.entry($name).or_default()+=t.elapsed().as_secs_f64(); r}}}
    for round in 0..2usize { // 0: load 100k on file, 1: batch: 45% new
    let t=Instant::now(); times.clear(); let s0=store.statement_count();
    let mut after=None; let up=held.last().unwrap().id;
    for (ci,_) in (0..n).step_by(c).enumerate() {
        let base=ci*c;
        let rows = if round==1 { step!("claim", store.ledger().claim(org, after, up, c as i64).unwrap()) } else {vec![]};
        after = rows.last().map(|r|r.id);
        if round==1 { step!("lookup", store.reading(|tx| { 
            let keys: Vec<i64> = (base..base+c).flat_map(|i|(0..6).map(move |k|key(i,k))).collect();
            let f=tx.contacts_by_key(org,&keys,50)?; assert!(f.len()>=c*6);
            let ids: Vec<_> = (base..base+c).map(|i|ContactId(i as i64)).collect();
            assert_eq!(tx.contacts(org,&ids)?.len(),c); tx.source_records(org,&ids)?; Ok(()) }).unwrap()); }
        let new: Vec<usize> = if round==0 {(base..base+c).collect()} else {(base..base+c*45/100).map(|i|i+n).collect()};
        let contacts: Vec<_> = new.iter().map(|i|NewContact{id:ContactId(*i as i64),version:1,sequence:1,golden:golden(*i),created_at:at}).collect();
        let refs: Vec<_> = new.iter().map(|i|ReferenceEntry{reference:sub(*i).reference.unwrap(),contact:ContactId(*i as i64)}).collect();
        let keys: Vec<_> = new.iter().flat_map(|i|(0..6).map(move |k|KeyEntry{key:key(*i,k),contact:ContactId(*i as i64)})).collect();
        let upd: Vec<_> = if round==1 {(base..base+c/2).map(|i|ContactUpdate{id:ContactId(i as i64),expected_version:1,version:2,sequence:2,golden:golden(i),modified_at:at}).collect()} else {vec![]};
        let direct: Vec<_> = if round==0 {new.iter().map(|i|AssignedRecord{contact:ContactId(*i as i64),record:SourceRecord{id:RecordId(SystemIds.next()),kind:RecordKind::Load,received_at:at,individual:ItemId(1),first_item:ItemId(1),submission:sub(*i)}}).collect()} else {vec![]};
        let txs: Vec<_> = rows.iter().map(|r|TransactionRow{id:r.id,received_at:at,key_id:r.key_id,submission:r.submission.clone(),state:State::Created,reason:None,level:None,contact:Some(ContactId(5)),individual:Some(ItemId(1)),first_item:Some(ItemId(1)),run:Some(RunId(1)),decided_at:Some(at)}).collect();
        let decs: Vec<_> = rows.iter().map(|r|DecisionRow{transaction:r.id,number:1,run:Some(RunId(1)),outcome:State::Created,level:None,reason:None,contact:None,individual:None,score:Some(1.0),explanation:"x".repeat(400),weights_version:"1".into(),actor:"batch".into(),decided_at:at,undone_at:None}).collect();
        let evs: Vec<_> = if round==1 {new.iter().map(|i|*i as i64).chain(upd.iter().map(|u|u.id.0)).map(|id|EventRow{id:SystemIds.next(),contact:ContactId(id),sequence:1,kind:EventKind::ContactCreate,body:"y".repeat(1200),created_at:at}).collect()} else {vec![]};
        let aud: Vec<_> = if round==1 {evs.iter().map(|e|AuditRow{contact:e.contact,version:2,at,actor:"batch".into(),action:"create".into(),record:None,run:None,changes:"z".repeat(300)}).collect()} else {vec![]};
        let terms: Vec<_> = (0..300).map(|k|((base*7+k) as i64 % 30000,1)).collect();
        step!("tx", store.write("apply", &mut |tx| {
            step!("insert contacts", tx.insert_contacts(org,&contacts)?);
            step!("update contacts", tx.update_contacts(org,&upd)?);
            step!("refs", tx.add_references(org,&refs)?);
            step!("keys", tx.add_keys(org,&keys)?);
            step!("direct", tx.insert_direct_records(org,&direct)?);
            step!("transactions", tx.insert_transactions(org,&txs)?);
            step!("decisions", tx.insert_decisions(org,&decs)?);
            step!("events", tx.insert_events(org,&evs)?);
            step!("audit", tx.insert_audit(org,&aud)?);
            step!("terms", tx.add_terms(org,&terms)?);
            Ok(())
        }).unwrap());
        if round==1 { let ids: Vec<_> = rows.iter().map(|r|r.id).collect(); step!("forget", store.ledger().forget(org,&ids).unwrap()); }
    }
    println!("round {round}: {:?}, statements per chunk {}", t.elapsed(), (store.statement_count()-s0)/50);
    for (k,v) in &times { println!("   {k}: {v:.2}"); }
    let t=Instant::now(); store.reading(|tx| tx.state_counts(org)).unwrap(); println!("state counts {:?}", t.elapsed());
    let t=Instant::now(); store.ledger().tally(org).unwrap(); println!("tally {:?}", t.elapsed());
    }
}
#[test] #[ignore] fn sqlite() { let d=tempfile::tempdir().unwrap(); bench(&format!("sqlite:{}/x.db", d.path().display())); for e in std::fs::read_dir(d.path()).unwrap(){let e=e.unwrap(); println!("{:?} {} MB", e.file_name(), e.metadata().unwrap().len()/1_000_000);} }
#[test] #[ignore] fn postgres() { let d=tributary_testkit::pg::database().unwrap(); bench(&format!("{}&options=-c%20session_preload_libraries%3Dauto_explain%20-c%20auto_explain.log_min_duration%3D60%20-c%20auto_explain.log_analyze%3Don%20-c%20log_min_messages%3Dlog", d.url())); println!("{}", d.url()); std::fs::copy(format!("{}/log", d.url().split("host=").nth(1).unwrap()), "/tmp/pglog").unwrap(); }

//! The use cases of Tributary, and the only place that opens transactions:
//! submit, hold, run the batch, review, undo, deliver, and the reads beside them.

mod access;
mod apart;
mod audit;
mod batch;
mod change;
mod collections;
mod contacts;
mod definitions;
mod deliver;
mod error;
mod export;
mod feed;
mod gifts;
mod groups;
mod health;
mod history;
mod intake;
mod keys;
mod labels;
mod load;
mod lookup;
mod matcher;
mod merge;
mod notes;
mod once;
mod policy;
mod privacy;
mod projection;
mod query;
mod read;
mod review;
mod scan;
mod schedule;
mod sealing;
mod settings;
mod settle;
mod shapes;
mod shown;
mod suggestion;
mod undo;
mod undo_run;
mod usage;
mod users;
mod webhooks;

pub use access::{NewOrganization, Principal, RequestLimits, Scope};
pub use apart::{NotDuplicate, NotThis};
pub use audit::{AuditCheck, AuditLine};
pub use batch::{Activation, ContactChange, Counts, DryRun, Progress, RunStart, RunView};
pub use change::Actor;
pub use collections::EntryOwner;
pub use contacts::{ContactAndItem, ContactSight, Creation, FollowedChange, ItemValues, Near, Nearby};
pub use definitions::Catalogue;
pub use deliver::DeliverOutcome;
pub use error::EngineError;
pub use export::DecisionLine;
pub use feed::{FEED_AT_MOST, FeedPlace};
pub use gifts::GiftView;
pub use health::{Health, WebhookTally};
pub use history::{History, HistoryEntry, Provenance, Supplied};
pub use intake::Receipt;
pub use keys::{NewKey, PermissionGroup};
pub use labels::LabelOfContact;
pub use load::OnFile;
pub use lookup::{ContactRecords, Looked, LookedFor};
pub use matcher::{
    Agreement, AsOf, Band, Calibrated, Differing, DuplicateCandidate, Duplicates, MatcherVersion, NicknameEdit,
    OwnNicknames, PairExplanation, Recommendation, Replay, ReplayPage, Replayed,
};
pub use merge::{Leftover, LeftoverKind, MergeRequest, MergeView, UnmergeView};
pub use notes::{NOTE_TYPES, NoteInput};
pub use once::{Begun, STALE, Ticket};
pub use policy::{FoldBy, PolicyVersion, Refold, RefoldPage, Refolded, policy_name};
pub use privacy::{Consent, ConsentChange, EraseCounts, Erasure, PersonExport};
pub use projection::{AddressView, ContactView, FullContact, IndividualView, MethodView, compat_time};
pub use query::{INDEX_VERSION, SearchHit};
pub use read::{Page, TransactionView};
pub use review::{
    Account, Assigned, Beside, BucketCandidate, BucketCounts, BucketItem, BucketReason, BucketSource, Bulk, BulkAction,
    BulkDone, BulkLeft, BulkView, MergeInto, Question, Resolution, Review, Triage, TriageView, Triaged, WhyLeft,
};
pub use scan::{DuplicatePair, DuplicateScan, ScanStart};
pub use settings::{BatchSettings, DeliverySettings, IntakeSettings, MatchingSettings, Probe, Settings};
pub use shapes::{
    ContactAddress, ContactIndividual, ContactMethod, LookupContact, LookupIndividual, Stamps, address, addresses,
    contact_view_url, individual, individuals, method, one_line,
};
pub use shown::{CollectionView, CustomFieldView, NamedValue, Shown, money};
pub use suggestion::MergeSuggestion;
pub use undo_run::{Afterwards, RunUndoView, UndoStart};
pub use usage::Usage;
pub use users::{Credentials, Enrolment, NewSession, NewUser, Session, SignIn, User};
pub use webhooks::{DeliveryView, LONGEST_OVERLAP_SECONDS, PAGE_AT_MOST, PingOutcome, WebhookInput, standard_secret};

pub use tributary_matching::{Candidate, Explanation};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tributary_contact::clock::{Clock, IdGen, Timestamp};
use tributary_store::Store;
use tributary_webhook::send::Sender;

/// What an engine is made of.
pub struct Parts {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn IdGen>,
    /// Sends webhooks.
    pub sender: Arc<dyn Sender>,
    /// Settings.
    pub settings: Settings,
    /// Name of this process in leases; unique among the processes on one database.
    pub node: String,
}

/// The use cases, over one store.
pub struct Engine {
    parts: Parts,
    intake: intake::Intake,
    sessions: access::Sessions,
    users: users::Guards,
    catalogues: definitions::Catalogues,
    progress: batch::ProgressSlot,
    deliveries: deliver::Lanes,
    stopping: AtomicBool,
}

impl Engine {
    /// Starts an engine: from now on submissions are taken.
    #[must_use]
    pub fn start(parts: Parts) -> Arc<Self> {
        let intake = intake::Intake::start(&parts);
        Arc::new(Self {
            parts,
            intake,
            sessions: access::Sessions::default(),
            users: users::Guards::default(),
            catalogues: definitions::Catalogues::default(),
            progress: batch::ProgressSlot::default(),
            deliveries: deliver::Lanes::default(),
            stopping: AtomicBool::new(false),
        })
    }

    /// Takes no more submissions, answers those that wait, and lets a running batch end after its chunk.
    pub fn shutdown(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.intake.close();
        self.deliveries.wake();
    }

    /// Whether [`Engine::shutdown`] was called.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.parts.clock.as_ref()
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.parts.store
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }
}

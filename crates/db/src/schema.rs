//! The tables as diesel sees them. One text for both databases: only types that both have are used
//! (instants are microseconds, UUIDs are 16 bytes, JSON is text).

diesel::table! {
    organization (organization_id) {
        organization_id -> BigInt,
        name -> Text,
        time_zone -> Text,
        country -> Text,
        batch_cron -> Text,
        last_due_at -> BigInt,
        key_version -> Integer,
        created_at -> BigInt,
    }
}

diesel::table! {
    api_key (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        name -> Text,
        hash -> Text,
        scopes -> Text,
        sources -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        replaces -> Nullable<BigInt>,
        permission_group -> Nullable<Text>,
    }
}

diesel::table! {
    permission_group (organization_id, folded) {
        organization_id -> BigInt,
        folded -> Text,
        name -> Text,
        scopes -> Text,
    }
}

diesel::table! {
    request_limit (organization_id, key_id) {
        organization_id -> BigInt,
        key_id -> BigInt,
        per_hour -> BigInt,
    }
}

diesel::table! {
    request_count (organization_id, key_id) {
        organization_id -> BigInt,
        key_id -> BigInt,
        hour -> BigInt,
        requests -> BigInt,
    }
}

diesel::table! {
    request_once (organization_id, key_id, token) {
        organization_id -> BigInt,
        key_id -> BigInt,
        token -> Text,
        fingerprint -> Text,
        seed -> Binary,
        begun_at -> BigInt,
        expires_at -> BigInt,
        effect -> Nullable<BigInt>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    app_user (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        email -> Text,
        name -> Text,
        role -> Text,
        password_hash -> Text,
        totp_secret -> Nullable<Text>,
        totp_step -> Nullable<BigInt>,
        created_at -> BigInt,
        last_sign_in_at -> Nullable<BigInt>,
        disabled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    user_session (organization_id, hash) {
        organization_id -> BigInt,
        hash -> Text,
        user_id -> BigInt,
        purpose -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    id_counter (organization_id, name) {
        organization_id -> BigInt,
        name -> Text,
        next -> BigInt,
    }
}

diesel::table! {
    lease (organization_id, name) {
        organization_id -> BigInt,
        name -> Text,
        holder -> Text,
        token -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    contact (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        version -> BigInt,
        sequence -> BigInt,
        record -> Text,
        merged_into -> Nullable<BigInt>,
        archived -> Bool,
        created_at -> BigInt,
        modified_at -> BigInt,
    }
}

diesel::table! {
    contact_reference (organization_id, source, id) {
        organization_id -> BigInt,
        source -> Text,
        id -> Text,
        contact_id -> BigInt,
    }
}

diesel::table! {
    match_key (organization_id, key, contact_id) {
        organization_id -> BigInt,
        key -> BigInt,
        contact_id -> BigInt,
    }
}

diesel::table! {
    term_count (organization_id, term) {
        organization_id -> BigInt,
        term -> BigInt,
        total -> BigInt,
    }
}

diesel::table! {
    direct_record (organization_id, id) {
        organization_id -> BigInt,
        id -> Binary,
        kind -> Text,
        contact_id -> BigInt,
        individual_id -> BigInt,
        first_item -> BigInt,
        received_at -> BigInt,
        body -> Text,
        policy -> BigInt,
        refolded_policy -> Nullable<BigInt>,
    }
}

diesel::table! {
    contact_follow (organization_id, follower, contact_id) {
        organization_id -> BigInt,
        follower -> Text,
        contact_id -> BigInt,
        followed_at -> BigInt,
    }
}

diesel::table! {
    contact_position (organization_id, contact_id, address_id) {
        organization_id -> BigInt,
        contact_id -> BigInt,
        address_id -> BigInt,
        latitude -> BigInt,
        longitude -> BigInt,
    }
}

diesel::table! {
    contact_facts (organization_id, contact_id) {
        organization_id -> BigInt,
        contact_id -> BigInt,
        archived -> Bool,
        created_at -> BigInt,
        modified_at -> BigInt,
        facts -> Text,
    }
}

diesel::table! {
    search_word (organization_id, word) {
        organization_id -> BigInt,
        word -> Text,
    }
}

diesel::table! {
    individual_avatar (organization_id, individual_id) {
        organization_id -> BigInt,
        individual_id -> BigInt,
        content_type -> Text,
        image -> Binary,
        stored_at -> BigInt,
    }
}

diesel::table! {
    contact_transaction (organization_id, id) {
        organization_id -> BigInt,
        id -> Binary,
        received_at -> BigInt,
        reference_source -> Nullable<Text>,
        reference_id -> Nullable<Text>,
        key_id -> Nullable<BigInt>,
        body -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        level -> Nullable<Text>,
        contact_id -> Nullable<BigInt>,
        individual_id -> Nullable<BigInt>,
        first_item -> Nullable<BigInt>,
        run_id -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        policy -> BigInt,
        refolded_policy -> Nullable<BigInt>,
        corrected -> Nullable<Integer>,
        erased_at -> Nullable<BigInt>,
        best_score -> Double,
    }
}

diesel::table! {
    transaction_correction (organization_id, transaction_id, number) {
        organization_id -> BigInt,
        transaction_id -> Binary,
        number -> Integer,
        reference_source -> Nullable<Text>,
        reference_id -> Nullable<Text>,
        body -> Text,
    }
}

diesel::table! {
    decision (organization_id, transaction_id, number) {
        organization_id -> BigInt,
        transaction_id -> Binary,
        number -> Integer,
        run_id -> Nullable<BigInt>,
        outcome -> Text,
        level -> Nullable<Text>,
        reason -> Nullable<Text>,
        contact_id -> Nullable<BigInt>,
        individual_id -> Nullable<BigInt>,
        score -> Nullable<Double>,
        explanation -> Text,
        weights_version -> Text,
        actor -> Text,
        decided_at -> BigInt,
        undone_at -> Nullable<BigInt>,
        policy -> BigInt,
    }
}

diesel::table! {
    transaction_review (organization_id, transaction_id) {
        organization_id -> BigInt,
        transaction_id -> Binary,
        assignee -> Nullable<BigInt>,
        question -> Nullable<Text>,
        asked_at -> Nullable<BigInt>,
        steps -> Integer,
    }
}

diesel::table! {
    review_step (organization_id, transaction_id, number) {
        organization_id -> BigInt,
        transaction_id -> Binary,
        number -> Integer,
        action -> Text,
        assignee -> Nullable<BigInt>,
        question -> Nullable<Text>,
        actor -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    decision_choice (organization_id, transaction_id, number, record_id) {
        organization_id -> BigInt,
        transaction_id -> Binary,
        number -> Integer,
        record_id -> Binary,
    }
}

diesel::table! {
    batch_run (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        state -> Text,
        due_at -> Nullable<BigInt>,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        cutoff -> Nullable<Binary>,
        received -> BigInt,
        report -> Text,
    }
}

diesel::table! {
    audit (organization_id, contact_id, version) {
        organization_id -> BigInt,
        contact_id -> BigInt,
        version -> BigInt,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        record_id -> Nullable<Binary>,
        run_id -> Nullable<BigInt>,
        changes -> Text,
        position -> BigInt,
        hash -> Nullable<Binary>,
        erased -> Nullable<Binary>,
    }
}

diesel::table! {
    event (organization_id, id) {
        organization_id -> BigInt,
        id -> Binary,
        contact_id -> BigInt,
        sequence -> BigInt,
        kind -> Text,
        body -> Text,
        created_at -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    webhook (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        payload_url -> Text,
        secret -> Text,
        active -> Bool,
        toggles -> Text,
        disabled_reason -> Nullable<Text>,
        failing_since -> Nullable<BigInt>,
        failed_attempts -> BigInt,
        created_at -> BigInt,
        previous_secrets -> Text,
        headers -> Text,
        options -> Text,
        paused_at -> Nullable<BigInt>,
        probe_at -> Nullable<BigInt>,
        warned_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    delivery (organization_id, webhook_id, event_id) {
        organization_id -> BigInt,
        webhook_id -> BigInt,
        event_id -> Binary,
        contact_id -> BigInt,
        sequence -> BigInt,
        state -> Text,
        attempt -> Integer,
        due_at -> BigInt,
        leased_until -> BigInt,
        earlier_attempts -> Integer,
    }
}

diesel::table! {
    delivery_total (organization_id, webhook_id) {
        organization_id -> BigInt,
        webhook_id -> BigInt,
        delivered -> BigInt,
    }
}

diesel::table! {
    replay (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        webhook_id -> BigInt,
        contact_id -> Nullable<BigInt>,
        since -> Nullable<BigInt>,
        until -> Nullable<BigInt>,
        only_dead -> Bool,
        state -> Text,
        position -> BigInt,
        last_position -> BigInt,
        replayed -> BigInt,
        actor -> Text,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    attempt (organization_id, webhook_id, event_id, number) {
        organization_id -> BigInt,
        webhook_id -> BigInt,
        event_id -> Binary,
        number -> Integer,
        started_at -> BigInt,
        duration_ms -> BigInt,
        status -> Nullable<Integer>,
        outcome -> Text,
        response -> Text,
    }
}

diesel::table! {
    label (organization_id, kind, id) {
        organization_id -> BigInt,
        kind -> Text,
        id -> BigInt,
        name -> Text,
        folded -> Text,
        parent -> Nullable<Text>,
        created_at -> BigInt,
        created_by -> Text,
    }
}

diesel::table! {
    contact_label (organization_id, kind, label_id, contact_id) {
        organization_id -> BigInt,
        kind -> Text,
        label_id -> BigInt,
        contact_id -> BigInt,
        id -> BigInt,
        created_at -> BigInt,
        created_by -> Text,
    }
}

diesel::table! {
    contact_note (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        contact_id -> BigInt,
        kind -> Text,
        note -> Text,
        note_at -> BigInt,
        important -> Bool,
        private -> Bool,
        time_spent -> Nullable<Text>,
        created_at -> BigInt,
        created_by -> Text,
        modified_at -> BigInt,
        modified_by -> Text,
    }
}

diesel::table! {
    contact_merge (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        survivor_id -> BigInt,
        merged_id -> BigInt,
        detail -> Text,
        actor -> Text,
        merged_at -> BigInt,
        undone_by -> Nullable<Text>,
        undone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    not_duplicate (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        contact_id -> BigInt,
        other_contact_id -> Nullable<BigInt>,
        reference_source -> Nullable<Text>,
        reference_id -> Nullable<Text>,
        transaction_id -> Nullable<Binary>,
        contact_known -> Nullable<BigInt>,
        other_known -> Nullable<BigInt>,
        note -> Nullable<Text>,
        actor -> Text,
        created_at -> BigInt,
        revoked_by -> Nullable<Text>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    merge_suggestion (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        contact_id -> BigInt,
        other_contact_id -> BigInt,
        note -> Nullable<Text>,
        actor -> Text,
        created_at -> BigInt,
        closed_reason -> Nullable<Text>,
        closed_by -> Nullable<Text>,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    run_undo (organization_id, run_id) {
        organization_id -> BigInt,
        run_id -> BigInt,
        afterwards -> Text,
        state -> Text,
        position -> Nullable<Binary>,
        reversed -> BigInt,
        untouched -> BigInt,
        actor -> Text,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    run_undo_left (organization_id, run_id, transaction_id) {
        organization_id -> BigInt,
        run_id -> BigInt,
        transaction_id -> Binary,
        outcome -> Text,
        reason -> Text,
    }
}

diesel::table! {
    audit_chain (organization_id) {
        organization_id -> BigInt,
        position -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    custom_field (organization_id, entity, folded) {
        organization_id -> BigInt,
        entity -> Text,
        folded -> Text,
        definition -> Text,
        created_at -> BigInt,
        created_by -> Text,
        modified_at -> BigInt,
        modified_by -> Text,
    }
}

diesel::table! {
    custom_collection (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        entity -> Text,
        name -> Text,
        folded -> Text,
        fields -> Text,
    }
}

diesel::table! {
    contact_type (organization_id, folded) {
        organization_id -> BigInt,
        folded -> Text,
        name -> Text,
        base -> Text,
    }
}

diesel::table! {
    gift (organization_id, source, id) {
        organization_id -> BigInt,
        source -> Text,
        id -> Text,
        number -> BigInt,
        transaction_id -> Binary,
    }
}

diesel::table! {
    held_transaction (organization_id, id) {
        organization_id -> BigInt,
        id -> Binary,
        received_at -> BigInt,
        reference_source -> Nullable<Text>,
        reference_id -> Nullable<Text>,
        key_id -> Nullable<BigInt>,
        body -> Text,
    }
}

diesel::table! {
    held_tally (organization_id) {
        organization_id -> BigInt,
        received -> BigInt,
    }
}

diesel::table! {
    matcher_document (organization_id, number) {
        organization_id -> BigInt,
        number -> BigInt,
        document -> Text,
        report -> Text,
        actor -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    matcher_activation (organization_id, number) {
        organization_id -> BigInt,
        number -> BigInt,
        document_number -> Nullable<BigInt>,
        actor -> Text,
        activated_at -> BigInt,
    }
}

diesel::table! {
    policy (organization_id, number) {
        organization_id -> BigInt,
        number -> BigInt,
        document -> Text,
        actor -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    policy_activation (organization_id, number) {
        organization_id -> BigInt,
        number -> BigInt,
        policy_number -> Nullable<BigInt>,
        actor -> Text,
        activated_at -> BigInt,
    }
}

diesel::table! {
    duplicate_scan (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        state -> Text,
        position -> BigInt,
        last_contact -> BigInt,
        contacts -> BigInt,
        total -> BigInt,
        weights_version -> Text,
        actor -> Text,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    duplicate_pair (organization_id, contact_id, other_contact_id) {
        organization_id -> BigInt,
        contact_id -> BigInt,
        other_contact_id -> BigInt,
        score -> Double,
        band -> Text,
        explanation -> Text,
        weights_version -> Text,
        scan_id -> BigInt,
        found_at -> BigInt,
        closed_reason -> Nullable<Text>,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    erasure (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        contact_id -> BigInt,
        reason -> Text,
        detail -> Text,
        actor -> Text,
        erased_at -> BigInt,
        lifted_by -> Nullable<Text>,
        lifted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tombstone (organization_id, hash, erasure_id) {
        organization_id -> BigInt,
        hash -> Binary,
        erasure_id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    erasure_salt (organization_id) {
        organization_id -> BigInt,
        salt -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(delivery, event);

// Whom a run brought is asked of its decisions and of what became of their transactions.
diesel::allow_tables_to_appear_in_same_query!(decision, contact_transaction);

// A change is asked for together with who follows its contact.
diesel::allow_tables_to_appear_in_same_query!(audit, contact_follow);

// Made by `./sigap write_docs` from the OpenAPI document. A test compares the two. For the type checker only: it reads
// these types in the comments of static/js, as `Api.IncidentForm`; a browser never gets this file.
declare namespace Api {
  type AcknowledgedBy = {
    by: string | null;
    reason: string | null;
    at: string;
  };

  type Acknowledgement = {
    reason: string;
    name?: string | null;
    at?: string | null;
  };

  type Act = {
    at?: string | null;
  };

  type AgencyForm = {
    id: string;
    code: string;
    name: string;
    name_en: string;
    capabilities: Array<string>;
    active: boolean;
  };

  type AgencyList = {
    items: Array<AgencyForm>;
    next: string | null;
  };

  type AgencyWords = {
    name: string;
    name_en?: string | null;
  };

  type AlarmForm = {
    id: string;
    rule: number;
    subject: string;
    level: number;
    state: string;
    incident: string | null;
    base_at: string;
    opened_at: string;
    level_at: string;
    next_at: string | null;
    late: boolean;
    acknowledged: AcknowledgedBy | null;
    silenced: Array<SilencedAt>;
    params: { [key: string]: any };
  };

  type AlarmList = {
    items: Array<AlarmForm>;
    next: string | null;
  };

  type Alive = {
    source: string;
  };

  type Answer = {
    at?: string | null;
    take_over?: boolean;
  };

  type AnswerIn = {
    reason?: string | null;
    at?: string | null;
  };

  type AreaForm = {
    code: string;
    name: string;
  };

  type AssignmentEntry = {
    id: string;
    unit: string;
    callsign: string;
    status: string;
    fms: string | null;
    at: string;
    stacked: boolean;
    dispatched_at: string | null;
    acknowledged_at: string | null;
    en_route_at: string | null;
    on_scene_at: string | null;
    cleared_at: string | null;
  };

  type AssignmentForm = {
    id: string;
    unit: string;
    callsign: string;
    status: string;
    fms: string | null;
    at: string;
    stacked: boolean;
    dispatched_at: string | null;
    acknowledged_at: string | null;
    en_route_at: string | null;
    on_scene_at: string | null;
    cleared_at: string | null;
    incident: NumberRef;
  };

  type AssignmentReport = {
    status: string;
    reason?: string | null;
    force?: boolean;
    at?: string | null;
  };

  type Board = {
    seq: number;
    at: string;
    calls: Array<CallForm>;
    incidents: Array<IncidentForm>;
    units: Array<UnitForm>;
    alarms: Array<AlarmForm>;
    operators: Array<OperatorForm>;
    positions: Array<[string, number, number, number | null, number | null, string]>;
    kpis: Kpis | null;
  };

  type CallBack = {
    id: string;
    state: string;
    tries: number;
    due_at: string;
  };

  type CallContext = {
    call: CallForm;
    history: Array<CallForm>;
    nuisance: Nuisance;
    contact_safety: dispatch__api__call_shapes__ContactSafety;
    aml_fixes: Array<CallLocation>;
    place_warnings: Array<WarningForm>;
    duplicates: Array<Duplicate>;
  };

  type CallDetails = {
    id: string;
    state: string;
    channel: string;
    number: string | null;
    started_at: string;
    answered_at: string | null;
    ended_at: string | null;
    operator: Ref | null;
    incident: NumberRef | null;
    nuisance: Nuisance;
    calls_before: number;
    safe_to_call_back: boolean;
    contact_safety: ContactSafety;
    offered_to: Offer | null;
    language: string | null;
    location: CallLocation | null;
    disposition: string | null;
    callback: CallBack | null;
    version: number;
    caller_name: string | null;
    callback_number: string | null;
    called: string | null;
    trunk: string | null;
    closed_at: string | null;
    lines: Array<LineForm> | null;
    corrections: Array<Correction> | null;
  };

  type CallEdit = {
    version?: number | null;
    caller_name?: string | null;
    callback_number?: string | null;
    language?: string | null;
    safe_to_call_back?: boolean | null;
    contact_safety?: ContactSafety | null;
  };

  type CallFilter = {
    state?: string | null;
    since?: string | null;
    number?: string | null;
    cursor?: string | null;
    limit?: number | null;
  };

  type CallForm = {
    id: string;
    state: string;
    channel: string;
    number: string | null;
    started_at: string;
    answered_at: string | null;
    ended_at: string | null;
    operator: Ref | null;
    incident: NumberRef | null;
    nuisance: Nuisance;
    calls_before: number;
    safe_to_call_back: boolean;
    contact_safety: ContactSafety;
    offered_to: Offer | null;
    language: string | null;
    location: CallLocation | null;
    disposition: string | null;
    callback: CallBack | null;
    version: number;
  };

  type CallList = {
    items: Array<CallForm>;
    next: string | null;
  };

  type CallLocation = {
    lat: number;
    lng: number;
    accuracy_metres: number | null;
    source: string;
    at: string;
  };

  type Channel = "voice" | "sms" | "chat" | "app" | "walk_in" | "radio" | "ecall" | "agency";

  type Clock = {
    kind: string;
    from: string;
    due_at: Array<string>;
    target_at: string;
    done_at: string | null;
  };

  type ContactSafety = "unknown" | "safe" | "unsafe";

  type ContextOf = {
    lat?: number | null;
    lng?: number | null;
    type?: string | null;
  };

  type Correction = {
    id: string;
    field: string;
    old: any;
    new: any;
    made_at: string;
  };

  type CrewForm = {
    id: string;
    callsign: string;
    agency: string;
    station: string | null;
    kind: string;
    status: string;
    people: Array<Rider>;
  };

  type CrewSignOn = {
    user: string;
    unit: string | null;
  };

  type Crews = {
    items: Array<CrewForm>;
    members: Array<Member>;
  };

  type Disposal = {
    at?: string | null;
    disposition: string;
    note?: string | null;
    act?: string | null;
  };

  type DispositionForm = {
    code: string;
    name_id: string;
    name_en: string;
  };

  type DispositionList = {
    items: Array<DispositionForm>;
    next: string | null;
  };

  type DraftForm = {
    id: string;
    body: { [key: string]: any } | null;
    version: number;
    changed_at: string | null;
    by: string | null;
    desk: string | null;
  };

  type DraftIn = {
    body: { [key: string]: any } | null;
    version?: number | null;
  };

  type DraftList = {
    items: Array<ListedDraft>;
  };

  type Duplicate = {
    incident: IncidentForm;
    reasons: Array<string>;
    metres: number | null;
  };

  type EmergencyFlag = {
    id?: string | null;
    active?: boolean;
    at?: string | null;
    spoken_with?: string | null;
  };

  type End = {
    at?: string | null;
    act?: string | null;
  };

  type Flag = {
    id?: string | null;
    active?: boolean;
    at?: string | null;
  };

  type FoundPlace = {
    id: string;
    kind: string;
    name: string;
    label: string;
    lat: number;
    lng: number;
    kecamatan: string | null;
    desa: string | null;
    island: string | null;
    island_name: string | null;
    outside: boolean;
    score: number;
    official: boolean;
    confident: boolean;
    distance_metres: number | null;
    other_island: boolean;
    matched: Array<string>;
  };

  type FoundPlaces = {
    items: Array<FoundPlace>;
    match: string;
    missing: Array<string>;
    next?: null;
  };

  type FoundType = {
    code: string;
    name: string;
    priority: number;
    score: number;
    matched: Array<string>;
    hits: Array<string>;
    unreviewed: Array<string>;
    question: string;
    fits: boolean;
    preselect: boolean;
  };

  type FoundTypes = {
    items: Array<FoundType>;
    next?: null;
  };

  type GroupAcknowledgement = {
    reason: string;
    name?: string | null;
    seen: Array<string>;
    levels?: { [key: string]: number } | null;
    at?: string | null;
  };

  type Heartbeat = {
    source: string;
  };

  type IncidentDetails = {
    id: string;
    number: string;
    centre: string;
    state: string;
    type: string;
    priority: number;
    now: boolean;
    restricted: boolean;
    version: number;
    created_at: string;
    closed_at: string | null;
    late: boolean;
    owner: Ref | null;
    desk: string | null;
    parent: string | null;
    merged_into: string | null;
    location: LocationForm;
    narrative: string | null;
    calls: number;
    warnings: number;
    people_at_risk: number;
    tasks: Array<TaskEntry>;
    assignments: Array<AssignmentEntry>;
    missing: Array<MissingUnits> | null;
    clocks: Array<Clock>;
    changed_at: string;
    readable: boolean;
    priority_reason: string | null;
    disposition: string | null;
    first_ring_at: string | null;
    recorded_at: string;
    notes: Array<NoteForm> | null;
    people: Array<PeopleForm> | null;
    linked_calls: Array<LinkedCall>;
    assignment_reasons: { [key: string]: string } | null;
    place_warnings: Array<IncidentWarning>;
    merged_from: Array<NumberRef>;
  };

  type IncidentForm = {
    id: string;
    number: string;
    centre: string;
    state: string;
    type: string;
    priority: number;
    now: boolean;
    restricted: boolean;
    version: number;
    created_at: string;
    closed_at: string | null;
    late: boolean;
    owner: Ref | null;
    desk: string | null;
    parent: string | null;
    merged_into: string | null;
    location: LocationForm;
    narrative: string | null;
    calls: number;
    warnings: number;
    people_at_risk: number;
    tasks: Array<TaskEntry>;
    assignments: Array<AssignmentEntry>;
    missing: Array<MissingUnits> | null;
    clocks: Array<Clock>;
    changed_at: string;
  };

  type IncidentIn = {
    id?: string | null;
    number?: string | null;
    type?: string | null;
    priority?: number | null;
    priority_reason?: string | null;
    location: LocationIn;
    narrative?: string | null;
    call?: string | null;
    at?: string | null;
  };

  type IncidentList = {
    items: Array<IncidentForm>;
    next: string | null;
  };

  type IncidentPatch = {
    version?: number | null;
    type?: string | null;
    priority?: number | null;
    priority_reason?: string | null;
    location?: LocationPatch | null;
    owner?: string | null;
    parent?: string | null;
    narrative?: string | null;
    at?: string | null;
  };

  type IncidentState = "new" | "triaged" | "assigned" | "en_route" | "on_scene" | "controlled" | "resolved" | "closed" | "cancelled" | "merged" | "on_hold" | "reopened";

  type IncidentWarning = {
    id: string;
    kind: string;
    text: string;
    author: string | null;
    approver: string | null;
    agency: string | null;
    state: string;
    lat: number;
    lng: number;
    radius_metres: number;
    created_at: string;
    review_on: string;
    ends_at: string | null;
    metres: number | null;
    seen_by: Array<SeenBy>;
  };

  type Kind = "danger" | "dangerous_goods" | "access" | "keyholder";

  type KnownStatus = {
    status: string;
    status_at: string;
  };

  type Kpis = {
    waiting: number;
    longest_since: string | null;
    in_10_s_hour: number | null;
    in_10_s_today: number | null;
    calls_today: number;
    emergencies_today: number;
  };

  type Line = {
    at?: string | null;
    id?: string | null;
    text: string;
  };

  type LineForm = {
    id: string;
    call: string;
    at: string;
    recorded_at: string;
    by: string;
    text: string;
  };

  type Link = {
    at?: string | null;
    incident: string;
    instead_of?: string | null;
  };

  type LinkedCall = {
    id: string;
    state: string;
    channel: string;
    started_at: string;
    answered_at: string | null;
    ended_at: string | null;
    number: string | null;
    caller_name: string | null;
    callback_number: string | null;
    safe_to_call_back: boolean | null;
    contact_safety: string | null;
    language: string | null;
  };

  type ListedDraft = {
    id: string;
    body: { [key: string]: any } | null;
    version: number;
    changed_at: string | null;
    by: string | null;
    desk: string | null;
    number: string | null;
  };

  type LocationForm = {
    text: string;
    lat: number | null;
    lng: number | null;
    kecamatan: string | null;
    desa: string | null;
    island: string | null;
    outside: boolean;
    verified: boolean;
  };

  type LocationIn = {
    text: string;
    lat?: number | null;
    lng?: number | null;
    verified?: boolean;
  };

  type LocationPatch = {
    text?: string | null;
    lat?: number | null;
    lng?: number | null;
    verified?: boolean | null;
  };

  type Member = {
    id: string;
    name: string;
    unit: string | null;
  };

  type MergeIn = {
    into: string;
    reason?: string | null;
    at?: string | null;
  };

  type MissingUnits = {
    capability: string;
    count: number;
  };

  type NeedShortfall = {
    need: string;
    missing: number;
    reasons: Array<string>;
  };

  type NewCall = {
    id?: string | null;
    channel?: Channel;
    number?: string | null;
    at?: string | null;
  };

  type NoteForm = {
    id: string;
    incident: string;
    text: string;
    at: string;
    recorded_at: string;
    by: { [key: string]: string };
    desk: string | null;
    struck: { [key: string]: string | null } | null;
  };

  type NoteIn = {
    id?: string | null;
    text: string;
    at?: string | null;
  };

  type Nuisance = {
    level: number;
    strikes_24h: number;
  };

  type NumberRef = {
    id: string;
    number: string;
  };

  type Offer = {
    all: boolean;
    operators: Array<Ref>;
    until: string | null;
  };

  type OfferIn = {
    id?: string | null;
    agency: string;
    at?: string | null;
  };

  type OperatorForm = {
    id: string;
    name: string;
    desk: string | null;
    roles: Array<string>;
    state: string;
    reason: string | null;
    since: string;
    call: string | null;
  };

  type OperatorList = {
    items: Array<OperatorForm>;
    next: string | null;
  };

  type OperatorStatus = "offline" | "ready" | "ringing" | "on_call" | "wrap_up" | "not_ready" | "outbound" | "supervising" | "training";

  type OwnState = {
    state: OperatorStatus;
    reason?: string | null;
    at?: string | null;
  };

  type PassedOver = {
    unit: string;
    callsign: string;
    reasons: Array<string>;
  };

  type PastIncident = {
    number: string;
    id: string;
    type: string;
    priority: number;
    state: string;
    created_at: string;
    metres: number;
  };

  type PeopleForm = {
    id: string;
    place: string;
    count: number;
    condition: string | null;
    advice: string | null;
    last_contact_at: string | null;
    rescued_at: string | null;
  };

  type PeopleIn = {
    id?: string | null;
    place: string;
    count?: number;
    condition?: string | null;
    advice?: string | null;
    at?: string | null;
  };

  type PeoplePatch = {
    contact?: boolean;
    rescued?: boolean;
    count?: number | null;
    condition?: string | null;
    advice?: string | null;
    at?: string | null;
  };

  type Pick = {
    unit: string;
    callsign: string;
    need: string;
    travel_seconds: number | null;
    method: string | null;
    reasons: Array<string>;
  };

  type PlaceForm = {
    kecamatan: AreaForm | null;
    desa: AreaForm | null;
    island: AreaForm | null;
    outside: boolean;
    neighbour: string | null;
    warnings: Array<WarningForm>;
    past: Array<PastIncident>;
  };

  type PositionCounts = {
    accepted: number;
    ignored: number;
    unknown: number;
    implausible: number;
    invalid: number;
    errors: Array<PositionError>;
  };

  type PositionError = {
    index: number;
    code: string;
    message: string;
  };

  type Reason = {
    reason: string;
  };

  type Recommendation = {
    needs: Array<RecommendedNeed>;
    picks: Array<Pick>;
    passed_over: Array<PassedOver>;
    shortfall: Array<NeedShortfall>;
  };

  type RecommendedNeed = {
    id: string;
    agency: string | null;
    capability: string;
    count: number;
    required: boolean;
    assigned: number;
  };

  type Ref = {
    id: string;
    name: string;
  };

  type RefusalIn = {
    reason: string;
    at?: string | null;
  };

  type RegisteredUnit = {
    id: string;
    callsign: string;
    agency: string;
    station: string | null;
    kind: string;
    capabilities: Array<string>;
    status: string;
    fms: string | null;
    status_at: string;
    incident: NumberRef | null;
    stacked: Array<NumberRef>;
    flags: UnitFlags;
    crew: number | null;
    active: boolean;
    version: number;
  };

  type ReopenIn = {
    expected?: IncidentState | null;
    reason?: string | null;
    at?: string | null;
  };

  type ReviewIn = {
    review_on: string;
  };

  type Rider = {
    id: string;
    name: string;
  };

  type Search = {
    q?: string;
    near?: string | null;
    map?: string | null;
  };

  type SeenBy = {
    unit: string | null;
    callsign: string | null;
    name: string;
    at: string;
  };

  type SeenIn = {
    unit?: string | null;
  };

  type SeenWarnings = {
    place_warnings: Array<IncidentWarning>;
  };

  type Sending = {
    unit: string;
    id?: string | null;
    stacked?: boolean;
    divert?: boolean;
    instead_of?: string | null;
    reason?: string | null;
    at?: string | null;
  };

  type ShortfallIn = {
    reason: string;
    name?: string | null;
    at?: string | null;
  };

  type SignOffIn = {
    user?: string | null;
    at?: string | null;
  };

  type SignOnIn = {
    unit: string;
    user?: string | null;
    at?: string | null;
  };

  type SilencedAt = {
    user: string;
    desk: string | null;
  };

  type Snooze = {
    until: string;
    reason: string;
    name?: string | null;
  };

  type SplitIn = {
    id?: string | null;
    calls?: Array<string>;
    type?: string | null;
    priority?: number | null;
    location?: LocationIn | null;
    narrative?: string | null;
    at?: string | null;
  };

  type Spot = {
    lat: number;
    lng: number;
  };

  type StateIn = {
    state: IncidentState;
    expected?: IncidentState | null;
    disposition?: string | null;
    reason?: string | null;
    force?: boolean;
    at?: string | null;
  };

  type StationForm = {
    id: string;
    code: string;
    agency: string;
    name: string;
    lat: number;
    lng: number;
  };

  type StationList = {
    items: Array<StationForm>;
    next: string | null;
  };

  type StationWords = {
    agency: string;
    name: string;
    lat: number;
    lng: number;
    at?: string | null;
  };

  type StatusReport = {
    id?: string | null;
    status: string;
    expected?: KnownStatus | null;
    reason?: string | null;
    force?: boolean;
    at?: string | null;
  };

  type StatusUndo = {
    status: string;
  };

  type StrikeIn = {
    reason: string;
    at?: string | null;
  };

  type Taken = {
    call: string;
  };

  type TaskEntry = {
    id: string;
    agency: string;
    state: string;
    at: string;
  };

  type TaskForm = {
    id: string;
    agency: string;
    state: string;
    at: string;
    incident: NumberRef;
    offered_at: string;
    accepted_at: string | null;
    refused_at: string | null;
    done_at: string | null;
    withdrawn_at: string | null;
    by_plan: boolean;
  };

  type TaskState = "offered" | "accepted" | "refused" | "done" | "withdrawn";

  type TelephonyEvent = {
    source: string;
    call_ref: string;
    event: TelephonyKind;
    at?: any;
    caller?: string | null;
    called?: string | null;
    agent?: string | null;
    trunk?: string | null;
    recording_url?: string | null;
  };

  type TelephonyKind = "ringing" | "queued" | "answered" | "held" | "resumed" | "transferred" | "ended" | "abandoned";

  type Timeline = {
    items: Array<TimelineItem>;
    next: string | null;
  };

  type TimelineItem = {
    seq: number;
    at: string;
    recorded_at: string;
    late: boolean;
    actor: Who;
    desk: string | null;
    kind: string;
    text: string;
    note: NoteForm | null;
  };

  type Transfer = {
    at?: string | null;
    to?: string | null;
  };

  type TypeForm = {
    code: string;
    group: string;
    name_id: string;
    name_en: string;
    priority: number;
    lead: Array<string>;
    support: Array<string>;
    restricted: boolean;
    now: boolean;
    sea: boolean;
  };

  type TypeList = {
    items: Array<TypeForm>;
    next: string | null;
  };

  type TypeSearch = {
    q?: string;
    lang?: "id" | "en" | null;
  };

  type Undo = {
    act?: string | null;
  };

  type UnitChanges = {
    version?: number | null;
    kind?: string;
    capabilities?: Array<string>;
    station?: string | null;
    crew?: number | null;
    phone?: string | null;
    active?: boolean;
  };

  type UnitDetails = {
    id: string;
    callsign: string;
    agency: string;
    station: string | null;
    kind: string;
    capabilities: Array<string>;
    status: string;
    fms: string | null;
    status_at: string;
    incident: NumberRef | null;
    stacked: Array<NumberRef>;
    flags: UnitFlags;
    crew: number | null;
    active: boolean;
    phone: string | null;
    version: number;
  };

  type UnitFilter = {
    agency?: string | null;
    status?: string | null;
    capability?: string | null;
    cursor?: string | null;
    limit?: number | null;
  };

  type UnitFlags = {
    talk_request: string | null;
    emergency: string | null;
    emergency_withdrawn: string | null;
  };

  type UnitForm = {
    id: string;
    callsign: string;
    agency: string;
    station: string | null;
    kind: string;
    capabilities: Array<string>;
    status: string;
    fms: string | null;
    status_at: string;
    incident: NumberRef | null;
    stacked: Array<NumberRef>;
    flags: UnitFlags;
    crew: number | null;
  };

  type UnitList = {
    items: Array<UnitForm>;
    next: string | null;
  };

  type UnitWords = {
    agency: string;
    kind: string;
    capabilities: Array<string>;
    station?: string | null;
    status?: string | null;
    crew?: number | null;
    at?: string | null;
  };

  type Unlink = {
    incident?: string | null;
  };

  type WarningFilter = {
    state?: string | null;
    cursor?: string | null;
    limit?: number | null;
  };

  type WarningForm = {
    id: string;
    kind: string;
    text: string;
    author: string | null;
    approver: string | null;
    agency: string | null;
    state: string;
    lat: number;
    lng: number;
    radius_metres: number;
    created_at: string;
    review_on: string;
    ends_at: string | null;
    metres: number | null;
  };

  type WarningIn = {
    id?: string | null;
    kind: Kind;
    lat: number;
    lng: number;
    radius_metres?: number;
    text: string;
    review_on: string;
    ends_at?: string | null;
  };

  type WarningList = {
    items: Array<WarningForm>;
    next: string | null;
  };

  type When = {
    at?: string | null;
  };

  type Who = {
    ref: string;
    name: string;
  };

  type WithdrawIn = {
    reason?: string | null;
    at?: string | null;
    expected?: TaskState | null;
  };

  type WorkstationClock = {
    offset_seconds: number;
    off: boolean;
  };

  type WorkstationTime = {
    at: string;
  };

  type calls__states__ContactSafety = "unknown" | "safe" | "unsafe";

  type dispatch__api__call_shapes__ContactSafety = {
    safe_to_call_back: boolean;
    contact_safety: calls__states__ContactSafety;
    unsafe_at: string | null;
  };
}

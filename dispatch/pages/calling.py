"""What the call-taker's side of the console says, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def call_words() -> dict[str, str]:
    """The words of the calls, the call form and what is known around a call."""
    return (
        _queue_words()
        | _form_words()
        | _place_words()
        | _sent_words()
        | _silent_words()
        | _card_words()
        | _side_words()
    )


def _queue_words() -> dict[str, str]:
    return {
        "calls_line": _("{waiting} waiting"),
        "no_calls": _("No call is waiting."),
        "none_waiting": _("No call is waiting."),
        "first_call": _("first call to this centre"),
        "not_filed": _("not filed"),
        "in_talk": _("in talk"),
        "nuisance_level": _("nuisance level {level}"),
        "to_be_filed": _("wrap-up · still to be filed"),
        "to_take": _("To take"),
        "wrap_up_head": _("Wrap-up"),
        "call_back_head": _("Call back"),
        "at_other_desks": _("At other desks"),
        "take_next": _("Take the next call"),
        "new_call": _("New call by hand"),
        "new_call_number": _("{channel}: the caller's number"),
        "open_call": _("Open"),
        "number_may_be_blank": _("may stay blank"),
        "on_a_call_already": _("You are on a call."),
        "hold_and_take": _("Put it on hold and take the next"),
        "call_taken_by": _("{name} has this call already."),
        "no_line_act": _("No connection: that was not done. Do it again when the line is back."),
        "my_state": _("My state"),
        "longer_wrap_up": _("Longer wrap-up, 120 s"),
        "you_are_offline": _("You are offline: no call is given to you."),
        "sign_on": _("Say what you are doing"),
    }


def _form_words() -> dict[str, str]:
    return {
        "no_call_open": _("No call is open."),
        "nobody_has_it": _("Nobody has this call yet."),
        "is_with": _("This call is with {name}."),
        "call_closed": _("This call is closed."),
        "take_this": _("Take this call"),
        "take_over": _("Take over"),
        "hold": _("Hold"),
        "resume": _("Talk on"),
        "reopen": _("Take up again"),
        "end": _("End"),
        "ended": _("The call was ended."),
        "caller": _("caller"),
        "caller_bar": _("Caller"),
        "caller_edit": _("Caller"),
        "caller_name": _("Name"),
        "call_back_on": _("call back on"),
        "same_number": _("same number"),
        "speaks": _("speaks"),
        "language_id": _("Indonesian"),
        "language_mad": _("Madurese"),
        "language_jv": _("Javanese"),
        "language_en": _("English"),
        "safe_to_call_back": _("safe to call back"),
        "mark_unsafe": _("Unsafe to call back"),
        "mark_safe": _("Safe to call back again"),
        "yes": _("yes"),
        "no": _("no"),
        "draft_kept": _("draft kept {age} s ago"),
        "draft_kept_all": _("draft kept"),
        "draft_here": _("draft kept in this browser"),
        "draft_offline": _("No connection: the draft is kept in this browser"),
        "draft_refused": _("The draft is kept in this browser only"),
        "draft_other": _("{by} is writing in this call too. {desk}"),
        "draft_theirs": _("{by} at {desk} typed:"),
        "draft_theirs_no_desk": _("{by} at another place typed:"),
        "draft_take": _("Take in"),
        "draft_leave": _("Leave"),
        "caller_says": _("What the caller says"),
        "line_hint": _("each line goes out as you press Enter"),
        "line_waits": _("waits for the connection"),
        "lines_said": _("Lines sent"),
        "noise": _("Noise"),
        "noise_hint": _("5 s to undo; the line stays open until then"),
        "file_as": _("File as"),
        "filed": _("Filed: {as}."),
        "no_call_to_file": _("Open a call first: noise is filed from its form."),
        "wrap_up_filed": _("wrap-up"),
        "wrap_up_unfiled": _("wrap-up: choose how it is filed"),
    }


def _place_words() -> dict[str, str]:
    return {
        "where_is_it": _("Where is the emergency?"),
        "place_help": _("Place, landmark, road, desa, coordinates, Plus Code"),
        "place_as_words": _("Sent as words; choose from the list for a point"),
        "looking_up": _("Looking up the area"),
        "no_suggestions": _("No suggestions now; the words are sent as they are"),
        "suggestions": _("{count} suggestion|{count} suggestions"),
        "place_read_back": _("read back to the caller"),
        "take_phone": _("Phone's place"),
        "phone_place": _("Phone's place ({source}, {metres} m)"),
        "no_phone_place": _("The phone has sent no place."),
        "phone_agrees": _("phone agrees, {distance}"),
        "phone_row": _("phone ± {metres} m, {age} ago"),
        "place_none": _("“{text}”: no such place here"),
        "place_several": _("“{text}”: several places have this name"),
        "place_outside": _("{name}: outside the regency"),
        "place_link_empty": _("This link holds no point: ask for the coordinates"),
        "none_preselected": _("nothing chosen"),
        "enter_again_island": _("On another island, {where}: Enter again takes it"),
        "enter_again_outside": _("{where}: Enter again takes it"),
        "other_island": _("another island"),
        "mainland": _("mainland Madura"),
        "district_short": _("Kec. {name}"),
        "from_phone": _("from the phone"),
        "from_map": _("from the middle of the map"),
        "map_point": _("Point on the map"),
        "kind_desa": _("village"),
        "kind_kecamatan": _("district"),
        "kind_island": _("island"),
        "kind_hospital": _("hospital"),
        "kind_puskesmas": _("puskesmas"),
        "kind_harbour": _("harbour"),
        "kind_landmark": _("landmark"),
        "kind_road": _("road"),
        "kind_town": _("town"),
        "kind_coordinates": _("coordinates"),
        "kind_plus_code": _("Plus Code"),
        "what_happened": _("What happened?"),
        "type_unknown": _("Not one of the types: goes as unknown trouble"),
        "priority_head": _("Priority"),
        "p1": _("Critical"),
        "p2": _("Urgent"),
        "p3": _("Soon"),
        "p4": _("Routine"),
        "p5": _("Can wait"),
        "until_typed": _("by the type"),
        "from_type": _("from the type"),
        "by_hand": _("by hand"),
        "priority_of_type": _("That of the type"),
        "priority_why": _("Why another priority?"),
        "priority_why_1": _("People are in danger"),
        "priority_why_2": _("It is growing"),
        "priority_why_3": _("Smaller than usual"),
        "priority_why_4": _("Over already"),
        "priority_why_blank": _("Esc leaves it blank"),
    }


def _sent_words() -> dict[str, str]:
    return {
        "send_call": _("Send"),
        "update_incident": _("Update"),
        "say_where": _("Say where it is first: words are enough."),
        "nothing_new": _("Nothing has changed since it was sent."),
        "not_sent": _("Not sent yet. Place and type are enough."),
        "not_sent_blank": _("Nothing has been sent yet."),
        "waits_for_line": _("No connection: kept here, goes out by itself."),
        "sent_ago": _("Sent {age} ago"),
        "sent_as": _("as {number}"),
        "linked_to": _("linked to {number}"),
        "belongs_to": _("belongs to incident {number}"),
        "told": _("told:"),
        "changed_here": _("changed here, not sent"),
        "read_it_back": _("read the place back"),
        "collided": _("Changed at the same moment. {fields}. Look, and send again if yours holds."),
        "collided_field": _("{field}: {theirs}, by {by}"),
        "somebody_else": _("somebody else"),
        "linked_meanwhile": _("This call belongs to an incident already: what you sent was not opened anew."),
        "field_type": _("Type"),
        "field_priority": _("Priority"),
        "field_priority_reason": _("Reason of the priority"),
        "field_location": _("Place"),
        "field_verified": _("Read back to the caller"),
        "linked": _("Linked to {number}."),
        "link_undone": _("The call was linked by mistake."),
        "sent_now": _("Sent as {number}."),
        "said_on_call": _("On a further call: {said}"),
    }


def _silent_words() -> dict[str, str]:
    return {
        "silent": _("Silent call"),
        "silent_button": _("Silent"),
        "silent_listening": _("listen for 10 s"),
        "silent_done": _("listened 10 s"),
        "silent_say": _("Say: If you can't speak, tap the phone or press any number. I am listening."),
        "silent_heard": _("A tap or a digit: emergency"),
        "silent_none": _("Nothing heard: file as silent"),
        "silent_unsafe": _("Unsafe to call back"),
        "silent_talks": _("The caller talks"),
        "silent_listen_on": _("Listen on for {seconds} s."),
        "silent_first": _("A silent call is listened to for 10 s first."),
        "silent_answered": _("Silent caller answered by a tap or a digit."),
    }


def _card_words() -> dict[str, str]:
    return {
        "cpr_button": _("CPR"),
        "cpr": _("CPR, hands only"),
        "cpr_beat": _("110 a minute"),
        "cpr_check": _("Not awake and not breathing normally? Gasping is not breathing. Start now."),
        "cpr_1": _("Say: Help is coming. Put the phone on loudspeaker and do what I say."),
        "cpr_2": _("Lay them flat on their back on the floor. Kneel beside the chest."),
        "cpr_3": _("Heel of one hand on the middle of the chest, the other hand on top, arms straight."),
        "cpr_4": _("Push straight down 5 to 6 cm, hard and fast, let it come up. Count aloud with me."),
        "cpr_5": _("Don't stop. If somebody else is there, change over every two minutes."),
        "cpr_6": _("Go on until help takes over, or they move or breathe normally."),
        "cpr_mark": _("Decision support, not an approved medical protocol."),
    }


def _side_words() -> dict[str, str]:
    return {
        "same_event": _("Same event?"),
        "likely": _("{count} likely"),
        "none_likely": _("nothing alike is open"),
        "link": _("Link"),
        "away": _("{distance} away"),
        "ago": _("{age} ago"),
        "reason_same_number": _("same number"),
        "reason_near": _("near"),
        "same_caller_reported": _("This number has reported {number} already:"),
        "maybe_same": _("Perhaps the same as {number}:"),
        "warnings_here": _("Warnings here"),
        "warning_danger": _("danger"),
        "warning_dangerous_goods": _("dangerous goods"),
        "warning_access": _("access"),
        "warning_keyholder": _("keyholder"),
        "here_no_warnings": _("none known"),
        "here_no_point": _("no point chosen yet"),
        "before_here": _("before, here"),
        "this_number": _("This number"),
        "call_history": _("history"),
        "calls_other": _("{count} other call|{count} other calls"),
        "nuisance": _("nuisance"),
        "none_known": _("none"),
        "phone_place_head": _("phone's place"),
        "agrees": _("agrees"),
        "differs": _("{distance} from the chosen place"),
    }

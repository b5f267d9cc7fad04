"""The printed form of every key of admission, as in the field's phrase book."""

from __future__ import annotations

from core.i18n import Words, lazy

STAGES: Words = {
    "pool": lazy("In the pool"),
    "class": lazy("Awareness class"),
    "dossier": lazy("Completing the dossier"),
    "branch": lazy("The branch considers"),
    "committee": lazy("The committee considers"),
    "decision": lazy("Decision"),
    "ceremony": lazy("Ceremony"),
    "probation": lazy("On probation"),
    "recognition": lazy("Recognition"),
}
STATES: Words = {
    "open": lazy("On the way"),
    "referred": lazy("Before the superior"),
    "recognised": lazy("Recognised as official"),
    "refused": lazy("Not admitted"),
    "withdrawn": lazy("Withdrawn"),
}
OWNERS: Words = {
    "candidate": lazy("the candidate"),
    "introducer": lazy("the introducer"),
    "union": lazy("the youth union or trade union"),
    "branch": lazy("the branch"),
    "section": lazy("the section committee"),
    "grassroots": lazy("the grassroots committee"),
    "superior": lazy("the committee that decides"),
    "centre": lazy("the political centre"),
    "probationer": lazy("the probationary member"),
    "helper": lazy("the helping member"),
}
CLOCKS: Words = {
    "pool_review": lazy("The list of the pool is looked over"),
    "paper": lazy("The paper is valid"),
    "decision": lazy("The committee decides on the admission"),
    "ceremony": lazy("The branch holds the ceremony"),
    "probation": lazy("Probation"),
    "recognition_vote": lazy("The branch considers the recognition"),
    "recognition": lazy("The committee decides on the recognition"),
}
RULES: Words = {
    "two_thirds": lazy("at least two thirds of those entitled"),
    "majority": lazy("more than half of those entitled"),
}
EDUCATION: Words = {
    "none": lazy("Below primary school"),
    "primary": lazy("Primary school"),
    "lower_secondary": lazy("Lower secondary school"),
    "upper_secondary": lazy("Upper secondary school"),
    "college": lazy("College"),
    "university": lazy("University or above"),
}
SEX: Words = {"male": lazy("Male"), "female": lazy("Female")}
OUTCOMES: Words = {
    "accepted": lazy("Meets the conditions"),
    "permitted": lazy("Permitted by the level in charge"),
    "declined": lazy("Does not meet the conditions"),
}
RESULTS: Words = {
    "met": lazy("Requirements met"),
    "not_met": lazy("Requirements not met"),
    "not_applicable": lazy("Does not apply"),
}
REASONS: Words = {
    "own_wish": lazy("At their own wish"),
    "moved_away": lazy("Moved to where the system is not used"),
    "conditions": lazy("Conditions are not met"),
    "votes": lazy("The votes were not enough"),
    "superior": lazy("Decision of the superior"),
    "struck": lazy("Struck from the list during probation"),
    "deceased": lazy("Died"),
    "other": lazy("Another reason"),
}
PASSAGES: Words = {
    "entered": lazy("Entered into the pool"),
    "stage": lazy("Stage reached"),
    "moved": lazy("Moved to another branch"),
    "template": lazy("Steps of today taken over"),
    "referred": lazy("Referred to the superior"),
    "returned": lazy("Returned by the superior"),
    "closed": lazy("Way ended"),
    "reopened": lazy("Taken up again"),
}
STOOD: Words = {**STATES, "closed": PASSAGES["closed"]}
"""States of then: of a dossier that had ended and was taken up since, how is not known."""

ACTS: Words = {
    "recruitment.entered": lazy("Put a candidate on the list"),
    "recruitment.changed": lazy("Corrected a candidate"),
    "recruitment.supporter_named": lazy("Named an introducer or helper"),
    "recruitment.supporter_released": lazy("Released an introducer or helper"),
    "recruitment.pool_reviewed": lazy("Looked over the list of the pool"),
    "recruitment.paper_entered": lazy("Entered a paper of a dossier"),
    "recruitment.paper_taken_back": lazy("Took a paper off a dossier"),
    "recruitment.judged": lazy("Decided about the conditions of admission"),
    "recruitment.voted": lazy("Recorded a vote on admission"),
    "recruitment.vote_removed": lazy("Took a vote on admission back"),
    "recruitment.referred": lazy("Referred a case to the superior"),
    "recruitment.referral_resolved": lazy("Recorded what the superior decided"),
    "recruitment.stage_reached": lazy("Brought a dossier to another stage"),
    "recruitment.sent_back": lazy("Sent a dossier back"),
    "recruitment.decided": lazy("Recorded a decision on admission"),
    "recruitment.admitted": lazy("Recorded a ceremony of admission"),
    "recruitment.recognised": lazy("Recorded a recognition"),
    "recruitment.moved": lazy("Moved a dossier"),
    "recruitment.template": lazy("Took over other steps for a dossier"),
    "recruitment.closed": lazy("Ended a dossier"),
    "recruitment.reopened": lazy("Took a dossier up again"),
    "recruitment.resolution_issued": lazy("Issued a resolution on admission"),
    "recruitment.anonymised": lazy("Made a dossier anonymous"),
    "recruitment.target_set": lazy("Set a target of admission"),
    "recruitment.target_removed": lazy("Took a target of admission back"),
}
"""How the journal calls what was done."""

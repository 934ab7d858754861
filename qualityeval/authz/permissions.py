"""What can be permitted, one line each."""

from enum import StrEnum


class Permission(StrEnum):
    """Names of rights; who holds them is said in policy.py alone."""

    SIGNED_IN = "signed_in"  # own account, to-do page, help, own jobs
    ACCOUNTS_MANAGE = "accounts.manage"  # create, unlock, disable, new password, end sessions
    SETTINGS_CHANGE = "settings.change"  # what the system administrator may set
    ROLES_GRANT = "roles.grant"  # give and take roles
    AUDIT_READ = "audit.read"  # read, filter, export and verify the audit log
    REGISTER_READ = "register.read"  # lists, search and case pages of the own subtree
    REGISTER_IMPORT = "register.import"  # bring a register in, save a mapping
    PAPERS_KEEP = "papers.keep"  # read, file, replace and take out papers of a case
    CASE_REVEAL = "case.reveal"  # see an ID or phone number, with a reason, logged
    ROUND_READ = "round.read"  # rounds that the own body owns
    ROUND_PLAN = "round.plan"  # write a specification, freeze it
    ROUND_SEED = "round.seed"  # type the public value
    ROUND_DRAW = "round.draw"  # draw the sample
    CALL_IN_MANAGE = (
        "call_in.manage"  # call in, receive, return, replace, supplement, lend files of an own round
    )
    FILE_HAND_IN = "file.hand_in"  # hand in drawn files of the own institution, print its handover list
    ROUND_ASSIGN = "round.assign"  # deal the files to experts, read who got what
    ROUND_PROXY = "round.proxy"  # enter sheets that experts filled elsewhere
    ROUND_RELEASE = "round.release"  # notify preliminary grades, release, close
    ROUND_RESULTS = "round.results"  # read all figures of an own round; of one below once it is released
    RESULTS_READ = "results.read"  # read what of a round's figures is about the own part, once released
    OBJECTION_RAISE = (
        "objection.raise"  # read notified preliminary grades of the own institution, object to them
    )
    OBJECTION_DECIDE = "objection.decide"  # accept or reject objections in an own round
    INDEX_DECLARE = "index.declare"  # the own body's weights of the index of five parts
    EXPERTS_MANAGE = "experts.manage"  # the pool: import, change
    SHEET_WRITE = "sheet.write"  # score the files dealt to oneself
    ROUND_WITHDRAW = "round.withdraw"  # take a round back, with a reason
    RUBRIC_READ = "rubric.read"  # read the rubrics
    RUBRIC_EDIT = "rubric.edit"  # write the own body's rubrics until a round uses them
    CHANNELS_READ = "channels.read"  # how much was drawn, observed, asked and called back
    OBSERVATION_PLAN = "observation.plan"  # send an observer to a hearing
    OBSERVATION_READ = "observation.read"  # an observer's own records; all of a manager's own subtree
    OBSERVATION_WRITE = "observation.write"  # fill in and hand in an own record
    CALLBACK_PLAN = "callback.plan"  # make call lists, bring calls and answers in
    CALLBACK_CALL = "callback.call"  # dial the recipients dealt to oneself, one at a time
    OPINION_ASK = "opinion.ask"  # ask organs for their opinion, enter what came by letter
    FOLLOW_UP_KEEP = "follow_up.keep"  # open, send back and close complaints, missing papers and tickets of the own subtree
    FOLLOW_UP_ANSWER = "follow_up.answer"  # read and answer them; a liaison those that ask the own institution for papers or better work

"""Whose hand an answer came from (threat list TK9): flagged by hand-worked thresholds, never dropped."""

from qualityeval.core.link_marks import Answered, Mark, marks


def test_two_answers_about_one_lawyer_from_one_device_and_three_from_one_address():
    answered = [
        Answered("a", 1, "ip1", "phone1"), Answered("b", 1, "ip1", "phone1"), Answered("c", 1, "ip1", "phone2"),
        Answered("d", 2, "ip1", "phone1"),  # another lawyer's client at the same kitchen table
        Answered("e", 2, "ip2", "phone3"), Answered("f", 2, "ip2", "phone4"), Answered("g", 1),
    ]  # fmt: skip
    assert marks(answered) == {
        "a": (Mark.SHARED_DEVICE, Mark.SHARED_ADDRESS), "b": (Mark.SHARED_DEVICE, Mark.SHARED_ADDRESS),
        "c": (Mark.SHARED_ADDRESS,),
    }  # fmt: skip


def test_the_lawyers_own_device_is_enough_once():
    answered = [Answered("a", 1, "ip1", "phone1"), Answered("b", 2, "ip1", "phone1")]
    assert marks(answered, {1: ["phone1"], 2: ["ip1"]}) == {"a": (Mark.OWN_DEVICE,), "b": (Mark.OWN_ADDRESS,)}


def test_one_number_for_two_persons_is_odd_and_for_one_person_twice_is_not():
    answered = [
        Answered("a", 1, number="n1", person="王"), Answered("b", 1, number="n1", person="李"),
        Answered("c", 1, number="n2", person="张"), Answered("d", 1, number="n2", person="张"),
        Answered("e", None, number="n1", person="赵"),
    ]  # fmt: skip
    assert marks(answered) == {"a": (Mark.SHARED_NUMBER,), "b": (Mark.SHARED_NUMBER,)}


def test_nothing_known_marks_nothing():
    assert marks([]) == {}
    assert marks([Answered("a", 1), Answered("b", 1)], {1: []}) == {}

"""A text that several customers read names nobody, and one for a customer no other (M): however it is written."""

import pytest

from complaints.rules import joining
from complaints.rules.facts import ActHeld, ResolutionCorrected, Resolved
from complaints.rules.impersonal import Person, another_named, others_in
from complaints.rules.refusals import NotNow
from tests.rules.test_joining import of_one_person, of_two_people, passes


@pytest.mark.parametrize(
    "words",
    ["Estimada Rosa: se dictarán.", "Sra. QUISPE, se dictarán.", "A la titular del DNI 45.678.912 se le devuelve.",
     "Escribimos a rosa@correo.example.", "Llamaremos al 987 654 321.", "Sobre su queja Q-2: se dictarán."],
)  # fmt: skip
def test_a_text_that_names_her_is_nobody_elses_whoever_says_that_it_names_nobody(words: str) -> None:
    luis, rosa = of_two_people()
    asked = Resolved(text=words, for_joined=True)
    refusal = joining.unsaid(rosa.case, asked)
    assert refusal is not None
    assert refusal.code == "resolved.names"
    assert joining.unsaid(luis.case, asked) is None, "nobody goes along with his"
    rosa.says("resolved", text=words, by="ana", for_joined=True)  # a signal is taken
    passes(rosa, luis)
    assert luis.case.round.resolution is None
    assert luis.told()[-1] == "resolution-decided"


@pytest.mark.parametrize(
    "words",
    ["estimada rosa quispe: se dictarán.", "Sobre su queja q2: se dictarán.", "Se envía a los pinos 123, dpto. 4."],
)
def test_so_is_one_that_names_her_however_it_is_written(words: str) -> None:
    luis, rosa = of_two_people()
    rosa.says("details-received", address="Av. Los Pinos 123, San Borja", by="ana")
    asked = Resolved(text=words, for_joined=True)
    for fact in (asked, ActHeld(act="resolved", said=asked.model_dump(mode="json"), by="ana")):
        with pytest.raises(NotNow, match="names this customer"):
            rosa.case.expect_request(fact)
    rosa.says("resolved", text=words, by="ana", for_joined=True)  # a signal is taken
    passes(rosa, luis)
    assert luis.case.round.resolution is None


def test_nor_does_a_correction_for_everybody_name_her() -> None:
    _, rosa = of_two_people()
    rosa.says("resolved", text="Se dictarán las horas.", by="ana", for_joined=True)
    with pytest.raises(NotNow, match="names this customer"):
        rosa.case.expect_request(ResolutionCorrected(text="a rosa quispe se le dictan."))
    rosa.case.expect_request(ResolutionCorrected(text="Sra. Quispe, a usted se le dictan."))  # hers alone


LUISES = Person("Q-1AB2-3CD4E", name="Luis Quispe Paredes", document="40112233", address="Jr. Puno 45, Lima")
ROSAS = Person("Q-7KF3-02M9D", name="Rosa Quispe Mamani", document="45678912", email="rosa@correo.example")


@pytest.mark.parametrize(
    ("words", "by_any_name", "found"),
    [
        ("Igual que al señor luis quispe, se le devuelve.", False, "luis quispe"),
        ("Es lo mismo que la queja Q1AB23CD4E.", False, LUISES.number),
        ("Se envía a Puno 45, Lima.", False, "puno 45 lima"),
        ("Al DNI 40.112.233 se le devuelve.", False, "40112233"),
        ("Estimado Luis: se le devuelve.", True, "Luis"),
        ("Estimado Luis: se le devuelve.", False, None),  # one word of a name may be anybody's
        ("Sra. Quispe, se le devuelve.", True, None),  # her own, too
        ("Rosa Quispe Mamani, DNI 45678912", True, None),
    ],
)
def test_nobody_is_told_who_else_complains_of_the_same(words: str, by_any_name: bool, found: str | None) -> None:
    assert another_named(ROSAS, [LUISES], [words], by_any_name=by_any_name) == found


def test_whose_names_those_are_the_journal_says_while_they_go_together() -> None:
    luis, rosa = of_two_people()
    assert (others_in(luis.case.rows), others_in(rosa.case.rows)) == (["Q-2"], ["Q-1"])
    luis.says("separated", by="luisa")
    passes(luis, rosa)
    assert (others_in(luis.case.rows), others_in(rosa.case.rows)) == ([], [])
    one, other = of_one_person()
    assert (others_in(one.case.rows), others_in(other.case.rows)) == ([], [])


def test_a_text_with_words_that_are_names_elsewhere_names_nobody() -> None:
    _, rosa = of_two_people()
    asked = Resolved(text="El mapa rosa se imprimió dos veces; se devuelven S/ 45.678 a cada uno.", for_joined=True)
    assert joining.unsaid(rosa.case, asked) is None

"""Whose words they are: short invented articles through the real parser, with and without a register."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ledger.types import Article, Official, Post, Statement
from nlp.officials.register import Register, official_id
from nlp.pipeline import MODEL, extract

NOBODY = Register(())


def said(text: str, register: Register = NOBODY, title: str = "", byline: str = "") -> list[Statement]:
    article = Article(
        id="a1",
        outlet="Fenby Echo",
        url="",
        title=title,
        text=text,
        byline=byline,
        published=datetime(2025, 6, 17, 9, tzinfo=UTC),
    )
    ((_, extraction),) = extract([article], register)
    assert extraction.problem == ""
    return list(extraction.statements)


def of(text: str, words: str, register: Register = NOBODY, title: str = "", byline: str = "") -> Statement:
    """The statement whose content holds the words."""
    statements = said(text, register, title, byline)
    return next(s for s in statements if words in " ".join(text[a:b] for a, b in s.content))


@pytest.mark.parametrize(
    ("text", "speaker", "role", "body"),
    [
        (
            "Home Secretary Ada Winship said the law would be changed.",
            "Ada Winship",
            "minister",
            "Home Office",
        ),
        (
            "Ada Winship, MP for Fenby East, said the law would be changed.",
            "Ada Winship",
            "mp",
            "UK Parliament",
        ),
        ("Fenby MP Ada Winship said the law would be changed.", "Ada Winship", "mp", "UK Parliament"),
        (
            "Shadow health secretary Ada Winship said the law would be changed.",
            "Ada Winship",
            "mp",
            "UK Parliament",
        ),
        (
            "Fenby Council leader Ada Winship said the law would be changed.",
            "Ada Winship",
            "council_leader",
            "Fenby Council",
        ),
        (
            "Coun Ada Winship, Fenby Council’s cabinet member for roads, said the law would be changed.",
            "Ada Winship",
            "councillor",
            "Fenby Council",
        ),
        ("Cllr Ada Winship (Lab, Marsh) said the law would be changed.", "Ada Winship", "councillor", None),
        (
            "Mayor of Fenby, Cllr Ada Winship, said the law would be changed.",
            "Ada Winship",
            "councillor",
            None,
        ),
        (
            "Assistant Chief Constable Ada Winship, of Fenshire Police, said the law would be changed.",
            "Ada Winship",
            "police",
            "Fenshire Police",
        ),
        (
            "DCI Ada Winship, from Fenshire Police, said the law would be changed.",
            "Ada Winship",
            "police",
            "Fenshire Police",
        ),
        (
            "Deputy Mayor for Policing and Crime, Ada Winship, said the law would be changed.",
            "Ada Winship",
            "pcc",
            None,
        ),
        (
            "Fenby Council chief executive Ada Winship said the law would be changed.",
            "Ada Winship",
            "other_official",
            "Fenby Council",
        ),
        (
            "Police Federation branch chair Sgt Ada Winship said the law would be changed.",
            "Ada Winship",
            "non_official",
            "Police Federation",
        ),
        ("Former mayor Ada Winship said the law would be changed.", "Ada Winship", "non_official", None),
        ("Mayoral candidate Ada Winship said the law would be changed.", "Ada Winship", "non_official", None),
        ("Head teacher Ada Winship said the law would be changed.", "Ada Winship", "non_official", None),
        (
            "Mother-of-two Ada Winship, 41, said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        # what stands right before an office's word makes it another's
        ("Scout leader Ada Winship said the law would be changed.", "Ada Winship", "non_official", None),
        (
            "Fenby Council met. Afterwards community leader Ada Winship said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        ("RSPCA inspector Ada Winship said the law would be changed.", "Ada Winship", "non_official", None),
        ("The army sergeant Ada Winship said the law would be changed.", "Ada Winship", "non_official", None),
        (
            "Methodist minister Ada Winship said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        (
            "Ada Winship, who chairs Fenby Council’s planning committee, said the law would be changed.",
            "Ada Winship",
            "councillor",
            "Fenby Council",
        ),
        (
            "Cabinet Secretary for Transport Ada Winship said the law would be changed.",
            "Ada Winship",
            "minister",
            None,
        ),
        ("At the school PC Ada Winship said the law would be changed.", "Ada Winship", "police", None),
        ("Ex-Sgt Ada Winship said the law would be changed.", "Ada Winship", "non_official", None),
        ("Patients with MS said the law would be changed.", None, "non_official", None),
        # and a word at the head of a sentence names no body
        (
            "New council leader Ada Winship said the law would be changed.",
            "Ada Winship",
            "council_leader",
            None,
        ),
        (
            "Labour-run council leader Ada Winship said the law would be changed.",
            "Ada Winship",
            "council_leader",
            None,
        ),
        ("Ada Winship MS said the law would be changed.", "Ada Winship", "mp", "Senedd Cymru"),
        # who speaks for others, by name
        (
            "Conservative health spokeswoman Ada Winship said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        # what came out of articles by somebody who had not seen the rules
        (
            "Former Fenshire Police sergeant Ada Winship said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        (
            "Former Fenshire Police officer Ada Winship said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        (
            "Ex-Fenby Council leader Ada Winship said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        (
            "A detective lied. Former Fenshire Police sergeant Ada Winship said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        (
            "Det Con Ada Winship, of Fenshire Police, said the law would be changed.",
            "Ada Winship",
            "police",
            "Fenshire Police",
        ),
        (
            "Deputy chief fire officer Ada Winship, of Fenby Fire Service, said the law would be changed.",
            "Ada Winship",
            "other_official",
            "Fenby Fire Service",
        ),
        (
            "Transport spokeswoman Cllr Ada Winship said the law would be changed.",
            "Ada Winship",
            "councillor",
            None,
        ),
        (
            "Ada Winship, chair of the Port of Fenby Health Authority, said the law would be changed.",
            "Ada Winship",
            "other_official",
            "Port of Fenby Health Authority",
        ),
        (
            "In a post on X, Fenby Fire Service said the law would be changed.",
            None,
            "other_official",
            "Fenby Fire Service",
        ),
        (
            "Fenby Council was told. A bank spokesperson said the law would be changed.",
            None,
            "non_official",
            None,
        ),
        (
            "The police and crime commissioner pays. Commissioner Ada Winship said the law would be changed.",
            "Ada Winship",
            "pcc",
            None,
        ),
        # and what they must not reach
        (
            "Former minister Bob Pike met PC Ada Winship. PC Winship said the law would be changed.",
            "Ada Winship",
            "police",
            None,
        ),
        (
            "Fenby Council met. A housing spokesperson said the law would be changed.",
            None,
            "other_official",
            "Fenby Council",
        ),
        (
            "Ada Winship, a local member of the choir, said the law would be changed.",
            "Ada Winship",
            "non_official",
            None,
        ),
        ("Fenshire Police said the law would be changed.", None, "police", "Fenshire Police"),
        ("Fenby Council said the law would be changed.", None, "other_official", "Fenby Council"),
        ("The Home Office said the law would be changed.", None, "other_official", "Home Office"),
        ("A Fenby Council spokesman said the law would be changed.", None, "other_official", "Fenby Council"),
        (
            "A spokesperson for Marsh Buses said the law would be changed.",
            None,
            "non_official",
            "Marsh Buses",
        ),
        ("Residents said the law would be changed.", None, "non_official", None),
    ],
)
def test_who_somebody_is_by_the_words(text: str, speaker: str | None, role: str, body: str | None) -> None:
    statement = of(text, "the law would be changed")
    assert (statement.speaker, statement.role, statement.body) == (speaker, role, body)
    assert statement.why


def test_an_office_with_a_name_that_is_not_read_is_not_its_other_holders() -> None:
    told = "Warm Nights chief executive Edwin Mayor said the law would be changed."
    other = "Fenby Council chief executive Ada Winship said nothing had been decided."
    assert of(f"{told}\n\n{other}", "the law would be changed").speaker is None


def test_who_was_one_once_may_be_one_now() -> None:
    told = "Ada Winship, former deputy leader of Fenby Council, is its cabinet member for housing."
    assert (
        of(f"{told}\n\nThe cabinet member said it would stay open.", "it would stay").speaker == "Ada Winship"
    )


@pytest.mark.parametrize("words", ["Fire Commissioner {}", "Commissioner {} of the Salvation Army"])
def test_not_every_commissioner_is_one_for_police_and_crime(words: str) -> None:
    told = f"Police and crime commissioners met. {words.format('Ada Winship')} said it would stay open."
    assert of(told, "it would stay").role != "pcc"


def test_former_goes_no_further_than_one_person() -> None:
    told = "Former Prime Minister Bob Pike and Chief Constable Ada Winship came. She said it would stay open."
    assert of(told, "it would stay").role == "police"


def test_a_list_of_offices_above_names_and_a_byline_above_a_headline_give_nobody_an_office() -> None:
    listed = "Leader\nAda Winship\nChief executive\nTom Cox"
    told = f"The board is led by\n\n{listed}\n\nAda Winship said it would stay open."
    assert of(told, "it would stay").role != "other_official"
    told = "Kate Jones\nPolice chief admits failings\n\nKate Jones said it would stay open."
    assert of(told, "it would stay").role == "non_official"


def test_an_office_between_two_names_is_hers_before_whose_name_it_stands() -> None:
    statement = of(
        "Asked by Cllr Bob Pike, council leader Ada Winship said it would stay open.", "it would stay"
    )
    assert (statement.speaker, statement.role) == ("Ada Winship", "council_leader")


def test_who_is_answered_does_not_say_it() -> None:
    told = (
        "Mrs Ann Lee repeated, in reply to a question from Cllr Bob Pike, that there would be no closure {}."
    )
    assert of(told.format("at Marchbury library"), "no closure").speaker == "Ann Lee"


def test_who_is_told_of_with_an_age_holds_no_office_that_is_named_next() -> None:
    told = (
        "Kyle Benton, 22, died when his motorcycle left Cope Lane in October. The coroner recorded that this"
        " was an accident and said that the absence of lighting was a matter of concern."
    )
    assert of(told, "the absence of lighting").speaker is None


LEAD = (
    "Coun Ada Winship, leader of Fenby Council, said the baths would open in May.\n"
    "Fenby MP Tom Arden said he would hold her to it.\n"
)


@pytest.mark.parametrize(
    ("more", "speaker"),
    [
        ("“It will be warm,” she said.", "Ada Winship"),
        ("“It will be warm,” he said.", "Tom Arden"),
        ("“It will be warm,” Coun Winship added.", "Ada Winship"),
        ("“It will be warm,” the council leader said.", "Ada Winship"),
        ("“It will be warm,” the Fenby MP said.", "Tom Arden"),
        ("“It will be warm,” said Mr Arden.", "Tom Arden"),
        ("Speaking later, she added: “It will be warm.”", "Ada Winship"),
        ("She went on to say: “It will be warm.”", "Ada Winship"),
        ("“It will be warm,” a council spokesman said.", None),
    ],
)
def test_later_mentions(more: str, speaker: str | None) -> None:
    assert of(LEAD + more, "It will be warm").speaker == speaker


def test_a_speaker_goes_on_over_paragraphs_and_ad_lines() -> None:
    text = (
        "Coun Ada Winship said: “The baths will open.\nAdvertisement\nHide AdAdvertisement\nHide Ad"
        "“The water will be warm.\n“Nobody will be cold.”"
    )
    statements = said(text)
    assert [s.speaker for s in statements] == ["Ada Winship"] * 3
    assert all("Hide Ad" not in text[a:b] for s in statements for a, b in s.content)


def test_an_office_named_first_and_its_holder_later() -> None:
    text = (
        "The baths will open in May, the leader of Fenby Council has said.\n"
        "The pool was shut two years ago.\n"
        "Coun Ada Winship said the water would be warm."
    )
    first, second = said(text)
    assert (first.speaker, first.role) == ("Ada Winship", "council_leader")
    assert (second.speaker, second.role) == ("Ada Winship", "council_leader")


def test_two_of_one_surname_stay_two() -> None:
    text = (
        "Coun Craig Holt said the road would be mended.\n"
        "Fenby MP Rachel Holt said she had doubts.\n"
        "Coun Holt said it was a promise. Ms Holt said she had heard that before. Holt said no more."
    )
    assert of(text, "it was a promise").speaker == "Craig Holt"
    assert of(text, "heard that before").speaker == "Rachel Holt"
    assert all(s.speaker != "Craig Holt" for s in said(text) if s.source_name == "Holt")


@pytest.mark.parametrize(
    ("lead", "words", "speaker"),
    [
        # a ward that is represented is no seat in parliament
        ("Cllr Ada Winship (Green), who represents Marsh, asked why.", "Cllr Winship said", "Ada Winship"),
        (
            "Dr Helen Barrow smiled.\n\nSuperintendent Neil Barrow, of Fenshire Police, met them.",
            "Supt Barrow said",
            "Neil Barrow",
        ),
        ("Lib Dem councillor Ada Winship came.", "Lib Dem councillor Ada Winship said", "Ada Winship"),
        ("Precious Moyo, head of repairs, came.", "Ms Moyo said", "Precious Moyo"),
        ("Mayor Gearóid Mac an Bhaird came.", "Mr Mac an Bhaird said", "Gearóid Mac an Bhaird"),
        ("Guto Price, 41, lives in Fenby.", "Guto said", "Guto Price"),
        # somebody who is only with the one who speaks
        ("Coun Tom Orr spoke.", "He was sharing a platform with Sir Jo Arden, and said", "Tom Orr"),
    ],
)
def test_a_shorter_name_is_that_of_its_only_bearer(lead: str, words: str, speaker: str | None) -> None:
    assert of(f"{lead}\n\n{words} the law would be changed.", "the law would be changed").speaker == speaker


def test_a_seat_in_brackets_is_no_speaker() -> None:
    text = "Carwyn Bellis (Ystrad Fawr) (Lab): I am grateful.\n\nMair Jones (Porth) (Con): I am not."
    assert [s.speaker for s in said(text)] == ["Carwyn Bellis", "Mair Jones"]


def test_a_surname_alone_is_not_enough_for_a_name() -> None:
    statement = of("Coun Varden said the road would be mended.", "the road would be mended")
    assert (statement.speaker, statement.role) == (None, "councillor")
    assert "only a surname" in statement.why


def test_an_age_and_a_description_find_the_person() -> None:
    text = "Stacey Lindon, 36, who runs a cafe, said trade was poor.\n“It is dead,” the 36-year-old said."
    assert of(text, "It is dead").speaker == "Stacey Lindon"


def test_somebody_unnamed_keeps_their_pronoun() -> None:
    text = (
        "Coun Ada Winship said help was at hand.\n"
        "The victim’s mother, who cannot be named, said: “It came too late.”\n"
        "“They never rang,” she said."
    )
    statement = of(text, "They never rang")
    assert (statement.speaker, statement.role) == (None, "non_official")


def test_two_who_speak_together_have_no_single_speaker() -> None:
    statement = of("Coun Ada Winship and Coun Tom Arden said the road would be mended.", "the road")
    assert statement.speaker is None
    assert "Ada Winship and Tom Arden" in statement.why


def test_nobody_speaks_of_themselves_by_name() -> None:
    text = (
        "Taxi driver Des Wardle said he was pleased.\nCoun Pete Lowe waved.\n"
        "“Fair play to Pete Lowe,” he said."
    )
    assert of(text, "Fair play").speaker == "Des Wardle"


def test_the_writer_is_not_the_speaker() -> None:
    text = "Aidan Crosse asked finance chief Alice Dunn whether it was safe.\nIs it?\n“It is safe.”"
    assert all(s.speaker != "Aidan Crosse" for s in said(text, byline="Aidan Crosse, Reporter"))


def test_a_provisional_official_comes_with_the_office() -> None:
    text = "South Yorkshire’s Mayor Ada Winship said: “The trams will run.”"
    article = Article("a", "o", "", "", text, published=datetime(2025, 6, 17, tzinfo=UTC))
    ((_, extraction),) = extract([article], NOBODY)
    (official,) = extraction.provisional
    assert official.provisional
    assert official.posts == (
        Post("Mayor", "mayor", "South Yorkshire Mayoral Combined Authority", "South Yorkshire"),
    )
    assert extraction.statements[0].official_id == official.id


def person(name: str, *posts: Post, aliases: tuple[str, ...] = ()) -> Official:
    return Official(official_id(name, posts[0].body), name, aliases, posts)


WINSHIP = person(
    "Ada Winship",
    Post("Cabinet member for finance, Fenby Council", "councillor", "Fenby Council", end=date(2025, 6, 1)),
    Post("Leader of Fenby Council", "council_leader", "Fenby Council", start=date(2025, 6, 2)),
    aliases=("Coun Winship",),
)
ARDEN = person("Tom Arden", Post("Home Secretary", "minister", "UK Government", start=date(2024, 7, 5)))
KNOWN = Register((WINSHIP, ARDEN))


@pytest.mark.parametrize(
    ("text", "speaker", "role"),
    [
        ("Ada Winship said the law would be changed.", "Ada Winship", "council_leader"),
        (
            "Fenby residents cheered. Coun Winship said the law would be changed.",
            "Ada Winship",
            "council_leader",
        ),
        ("Marsh residents cheered. Coun Winship said the law would be changed.", None, "councillor"),
        ("Fenby residents cheered. Winship said the law would be changed.", None, None),
        # whom the register alone names is not given
        ("The Home Secretary said the law would be changed.", None, "minister"),
        ("The leader of Fenby Council said the law would be changed.", None, "council_leader"),
        (
            "Ada Winship came. The leader of Fenby Council said the law would be changed.",
            "Ada Winship",
            "council_leader",
        ),
    ],
)
def test_the_register_knows_people_across_articles(text: str, speaker: str | None, role: str | None) -> None:
    statement = of(text, "the law would be changed", KNOWN)
    assert statement.speaker == speaker
    assert role is None or statement.role == role
    assert (statement.official_id is None) == (speaker is None)


SEVERAL = Register(
    (
        person("Ann Lee", Post("Mayor of Fenby", "mayor", "Fenby Combined Authority", "Fenby")),
        person("Jo Shaw", Post("Mayor of Marsh", "mayor", "Marsh Council", "Marsh")),
        person("Sam Orr", Post("Infrastructure Minister", "minister", "Northern Ireland Executive")),
        person("Kit Moss", Post("Education Minister", "minister", "Northern Ireland Executive")),
        person("Rosa Dean", Post("Chief executive", "other_official", "Transit for Fenby")),
        person("Nell Fox", Post("Clerk", "other_official", "Pensby Civic Centre")),
        person("Lou Hart", Post("Minister", "minister", "Northern Ireland Executive")),
    )
)


@pytest.mark.parametrize(
    ("text", "speaker", "body"),
    [
        (
            "Fenby and Marsh cheered. Ms Shaw bowed. Jo Shaw won. The mayor said it.",
            "Jo Shaw",
            "Marsh Council",
        ),
        ("Fenby and Marsh cheered. The mayor said it.", None, None),
        (
            "Sam Orr came. Stormont met. The infrastructure minister said it.",
            "Sam Orr",
            "Northern Ireland Executive",
        ),
        # a body that the register alone knows, and the letters it goes by
        ("Transit for Fenby said it.", None, "Transit for Fenby"),
        ("TfF said it.", None, "Transit for Fenby"),
        # letters that are an office's are no body's
        ("The Fenshire PCC said it.", None, "Fenshire Police and Crime Commissioner"),
        # a post whose name is the end of another's is not meant by it
        (
            "Stormont met. Kit Moss and Lou Hart came. The education minister said it.",
            "Kit Moss",
            "Northern Ireland Executive",
        ),
    ],
)
def test_of_several_posts_the_one_that_the_article_tells(
    text: str, speaker: str | None, body: str | None
) -> None:
    statement = of(text.replace("said it.", "said the law would be changed."), "the law would be", SEVERAL)
    assert (statement.speaker, statement.body) == (speaker, body)


CHAMBER = Register(
    (
        person("Una Orr", Post("Minister for Roads", "minister", "Northern Ireland Executive")),
        person("Kit Moss", Post("MLA for Dale", "mp", "Northern Ireland Assembly", area="Dale")),
        person("Ann Lee", Post("MLA for Marsh", "mp", "Northern Ireland Assembly", area="Marsh")),
        person("Bea Lee", Post("MLA for Fen", "mp", "Northern Ireland Assembly", area="Fen")),
        WINSHIP,
    )
)
SPOKE = "I thank the Member. The law would be changed."


@pytest.mark.parametrize(
    ("text", "title", "speaker"),
    [
        (f"The Speaker called question 4.\n\nMs Orr: {SPOKE}", "", "Una Orr"),
        (f"The Speaker called question 4.\n\nMr Moss: {SPOKE}", "", "Kit Moss"),
        (f"The Speaker called question 4.\n\nMr Orr: {SPOKE}", "", None),  # she is a woman
        (f"The Speaker called question 4.\n\nMs Lee: {SPOKE}", "", None),  # there are two
        (f"The coroner called the first witness.\n\nMs Orr: {SPOKE}", "", None),
        ("Ms Orr spoke to the Speaker. Ms Orr said the law would be changed.", "", None),
        # that the outlet is the Fenby Echo does not tell it
        ("Coun Winship said the law would be changed.", "", None),
        ("Coun Winship said the law would be changed.", "Fenby: car park to close", "Ada Winship"),
        ("At Marsh Council, Coun Winship said the law would be changed.", "Fenby: car park to close", None),
    ],
)
def test_a_register_tells_whom_a_label_or_a_title_means(text: str, title: str, speaker: str | None) -> None:
    assert of(text, "he law would be changed", CHAMBER, title).speaker == speaker


NAMESAKES = Register(
    (
        person("Ann Lee", Post("Councillor", "councillor", "Fenby Council")),
        person("Ann Lee", Post("Councillor", "councillor", "Marsh Borough Council")),
        person("Ann Lee", Post("MP for Dale", "mp", "UK Parliament")),
    )
)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Fenby Council met on Monday. Coun Ann Lee said the law would be changed.", "Fenby Council"),
        ("Ann Lee, the MP for Dale, said the law would be changed.", "UK Parliament"),
        ("Residents cheered. Coun Ann Lee said the law would be changed.", None),
        ("Residents cheered. Ann Lee said the law would be changed.", None),
    ],
)
def test_of_several_so_called_only_the_one_that_fits(text: str, body: str | None) -> None:
    statement = of(text, "the law would be changed", NAMESAKES)
    assert statement.speaker == ("Ann Lee" if body else None)
    assert (statement.official_id is None) == (body is None)
    assert body is None or statement.body == body
    assert body or "are called Ann Lee" in statement.why


def test_a_titled_surname_that_is_a_first_name_too_is_not_one() -> None:
    text = "Cllr Lee said the road was late. Cllr Ann Lee and Cllr Bob Lee both sit on the committee."
    assert of(text, "the road was late").speaker is None


def test_role_at_the_time() -> None:
    text = "Ada Winship said the law would be changed."
    early = Article("a", "o", "", "", text, published=datetime(2025, 5, 1, tzinfo=UTC))
    ((_, extraction),) = extract([early], KNOWN)
    assert extraction.statements[0].role == "councillor"


def test_nothing_is_carried_from_one_article_to_the_next() -> None:
    texts = ["Coun Ada Varden, of Fenby Council, said yes.", "Coun Varden said the road would be mended."]
    articles = [Article(str(i), "o", "", "", text) for i, text in enumerate(texts)]
    results = list(extract(articles, NOBODY))
    assert [s.speaker for s in results[1][1].statements] == [None]


def test_a_higher_floor_shows_fewer_speakers() -> None:
    from nlp.components import load_model
    from nlp.speakers.link import resolve
    from nlp.statements.extract import find_statements, read_page

    text = LEAD + "“It will be warm,” she said."
    article = Article("a", "o", "", "", text)
    doc = load_model(MODEL)(text)
    found = find_statements(read_page(doc))
    shown = resolve(doc, found, article, NOBODY, least=0.0).statements
    hidden = resolve(doc, found, article, NOBODY, least=1.0).statements
    assert all(s.speaker for s in shown)
    assert not any(s.speaker for s in hidden)
    assert all("not sure enough" in s.why for s in hidden)

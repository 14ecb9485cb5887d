from dipdata.statements import errors, scoring

TEXT = "Prague, 3 March. The ministry said the talks would go on. Earlier the envoy denied it. Nothing else was known."


def at(part):
    return [TEXT.index(part), TEXT.index(part) + len(part)]


GOLD = {"content": [at("the talks would go on")], "source": [at("The ministry")], "cue": [at("said")]}
DENIED = {"content": [at("it.")], "source": [at("the envoy")], "cue": [at("denied")]}


def found(*units):
    gold = {"id": "d", "text": TEXT, "statements": [GOLD, DENIED]}
    return list(errors.errors(scoring.compare([gold], [{"id": "d", "statements": list(units)}])))


def test_no_error_where_all_is_right():
    assert found(GOLD, DENIED) == []


def test_each_kind_is_told_with_its_sentence():
    listed = found(
        {"content": [at("talks would go on")], "source": [at("Prague")], "cue": [at("go on")]},
        {"content": [at("Nothing else was known")], "source": [], "cue": [], "rule": "quote-alone"},
    )
    assert [(error.kind, error.start) for error in listed] == [
        ("boundary", at("the talks")[0]),
        ("source", at("the talks")[0]),
        ("cue", at("the talks")[0]),
        ("missed", at("it.")[0]),
        ("spurious", at("Nothing")[0]),
    ]
    assert listed[0].gold == "{The ministry} <said> [the talks would go on]."
    assert listed[0].predicted == "{Prague}, 3 March. The ministry said the [talks would <go on>]."
    assert str(listed[3]) == f"d:{at('it.')[0]} missed (indirect)\n  gold      Earlier {{the envoy}} <denied> [it.] Nothing else was known."
    assert listed[4].rule == "quote-alone"


def test_long_contents_are_shortened_and_short_ones_are_not():
    text = "A " + "word " * 200 + "end"
    shown = errors.marked(text, {"content": [[2, len(text)]]})
    assert shown.startswith("A [word word") and shown.endswith("end]") and len(shown) < 300

from index.recent import Recent


def test_what_was_made_of_a_text_is_made_once():
    asked = []

    def make(texts):
        asked.append(texts)
        return [text.upper() for text in texts]

    recent = Recent(make, 3)
    assert recent.of(["a", "b", "a"]) == ["A", "B", "A"]
    assert recent.of(["b", "c"]) == ["B", "C"]
    assert recent.of([]) == []
    assert asked == [["a", "b"], ["c"]]
    asked.clear()
    assert recent.of(["d", "b"]) == ["D", "B"]
    assert recent.of(["c", "a"]) == ["C", "A"]
    assert asked == [["d"], ["a"]]
    assert recent.of(list("xyzxyz")) == list("XYZXYZ")

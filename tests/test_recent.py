from index.recent import Recent


def test_what_was_made_of_a_short_text_is_made_once():
    asked = []

    def make(texts):
        asked.append(texts)
        return [text.upper() for text in texts]

    recent = Recent(make)
    assert recent.of(["a", "b", "a"]) == ["A", "B", "A"]
    assert recent.of(["b", "c"]) == ["B", "C"]
    assert recent.of([]) == []
    assert asked == [["a", "b"], ["c"]]
    long = ["x" * 2_000]
    assert recent.of(long) == recent.of(long) == ["X" * 2_000]
    assert asked[2:] == [long, long]
    for number in range(300):
        recent.of([str(number)])
    asked.clear()
    assert recent.of(["299", "a"]) == ["299", "A"]
    assert asked == [["a"]]

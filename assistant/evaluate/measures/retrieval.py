"""Retrieval measures over judged documents, computed by ir-measures."""

from collections.abc import Mapping

from corpus.errors import UserError

NAMES = ("ndcg@10", "recall@5", "recall@10", "mrr", "map")


def retrieval_scores(
    judged: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Each judged query's value of each measure in ``NAMES``; a query without results scores 0.

    ``judged`` holds a relevance per query and document, ``ranked`` a score per query and document. The measures are
    trec_eval's: nDCG with linear gain, reciprocal rank and average precision over everything that was ranked.
    """
    try:
        import ir_measures
        from ir_measures import AP, RR, R, nDCG
    except ModuleNotFoundError as error:
        raise UserError("measuring needs ir-measures: pip install 'strategy-assistant[evaluate]'") from error
    measures = dict(
        zip(("ndcg@10", "recall@5", "recall@10", "mrr", "map"), (nDCG @ 10, R @ 5, R @ 10, RR, AP), strict=True)
    )
    names = {str(measure): name for name, measure in measures.items()}
    qrels = {query: dict(documents) for query, documents in judged.items()}
    run = {query: dict(ranked[query]) for query in qrels if ranked.get(query)}
    scores = {query: dict.fromkeys(NAMES, 0.0) for query in qrels}
    if run:
        for found in ir_measures.iter_calc(list(measures.values()), qrels, run):
            scores[found.query_id][names[str(found.measure)]] = float(found.value)
    return scores

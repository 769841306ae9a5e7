"""Results as Markdown tables: the README's quality table, and the ablation of the public sets."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.answering.calibration import Calibration
from app.answering.decision import FEATURES, ReadRule
from app.answering.labelled.questions import PLAIN_KINDS
from eval.measures import answers_needed
from index.errors import UserError
from index.stores.certificate import Certificate

RESULTS = Path(__file__).parent / "results"
_ROWS = (
    ("a needed passage is first (recall@1)", "recall@1"),
    ("needed passages among the first five (recall@5)", "recall@5"),
    ("ranking (nDCG@10)", "ndcg@10"),
    ("quotes verbatim in the live file", "citations.verbatim"),
    ("answerable questions answered (coverage)", "selective.coverage"),
    ("answers right: one of the first five citations holds it", "selective.correct"),
    ("answers right: the first citation holds it", "selective.correct_first"),
    ("answers right: the first highlighted sentence holds it", "selective.correct_highlight"),
    ("words set off as the answer lie in gold", "selective.answer_in_gold"),
    ("these words are exactly the short answer", "selective.answer_exact"),
    ("outside questions answered, alone", "selective.outside"),
    ("outside questions answered, after others", "selective.outside_after_history"),
    ("near misses answered, alone", "selective.near_miss"),
    ("near misses answered, after others", "selective.near_miss_after_history"),
    ("area under the risk-coverage curve (AURC)", "selective.aurc"),
    ("unanswerable told from answerable (AUROC)", "no_answer.auroc"),
    ("near misses told from answerable, riddles aside (AUROC)", "no_answer.auroc_near_miss"),
    ("refusing, F1", "no_answer.f1"),
    ("answerable questions refused", "no_answer.refused_answerable"),
)


class NoResult(UserError):
    """There is no committed result."""


def newest(folder: Path = RESULTS) -> Path:
    """The newest committed result: their names begin with rising numbers. Raises NoResult."""
    found = sorted(folder.glob("[0-9]*.json"))
    if not found:
        raise NoResult(f"no result in {folder}. Make one: python -m eval run --save {folder / '001-first.json'}")
    return found[-1]


def quality_table(result: dict[str, Any]) -> str:
    """Table of the main measures for the README, with 95 % intervals."""
    lines = [f"| {result['n']} questions on `source_texts/` | value | 95 % interval |", "|---|---|---|"]
    for label, path in _ROWS:
        group, _, name = path.rpartition(".")
        measures = result[group] if group else result
        value, bounds = measures[name], measures["intervals"][name]
        lines.append(f"| {label} | {_share(value)} | {_bounds(bounds)} |")
    kinds = [
        (kind, own) for kind, own in result["by_kind"].items() if kind in PLAIN_KINDS and own["recall@5"] is not None
    ]
    found = ", ".join(f"{kind} {_share(own['recall@5'])}" for kind, own in kinds)
    covered = ", ".join(f"{kind} {_share(own['selective']['coverage'])}" for kind, own in kinds)
    below = [f"Recall@5 by kind: {found}.", f"Coverage by kind: {covered}."] if kinds else []
    if asked := result.get("first_by_kind"):  # results of former versions have none
        shares = ", ".join(f"{kind} {_share(own['first'])}" for kind, own in asked.items())
        below.append(f"Right at first place by way to ask: {shares}.")
    return "\n".join([*lines, "", *below])


def ablation_table(rows: list[dict[str, Any]]) -> str:
    """One line a run of `eval bench`: data set, what was varied, measures."""
    names = ("ndcg@10", "recall@10", "mrr@10", "auroc_hidden", "auroc_no_answer")
    lines = [f"| data set | variant | {' | '.join(names)} |", "|---|---|" + "---|" * len(names)]
    lines += [
        f"| {row['dataset']} | {row['variant']} | {' | '.join(_share(row[name]) for name in names)} |" for row in rows
    ]
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _bounds(bounds: list[float] | None) -> str:
    return "–" if bounds is None else f"{bounds[0]:.3f} to {bounds[1]:.3f}"


def calibration_table(found: Calibration, risk: float) -> str:
    """Report of a calibration: questions, rule, trade-off curve, certificate, and questions missing for `risk`."""
    rule = found.rule
    lines = [
        f"{found.answerable} answerable questions; {found.unanswerable} unanswerable, "
        f"{found.hidden} with their articles hidden",
        f"told apart before reading: AUROC {found.auroc:.3f}, cross-validated",
        f"rule: {rule.bias:+.3f} " + " ".join(f"{getattr(rule, name):+.3f}·{name}" for name in FEATURES),
        f"answer from a support of 0, related from {rule.related:.3f}",
        *_step_lines(rule.read),
        "",
        "| answerable refused | unanswerable refused then | |",
        "|---|---|---|",
    ]
    curve = (f"| {wrong:.2f} | {right:.2f} | {'█' * round(right * 20)} |" for wrong, right in found.curve)
    return "\n".join([*lines, *curve, "", *_certificate_lines(found.certificate, risk)])


def _step_lines(step: ReadRule | None) -> list[str]:
    if step is None:
        return []
    weights = f"{step.bias:+.3f} {step.found:+.3f}·support {step.relevance:+.3f}·relevance"
    return [f"where passages were read: {weights}, related from {step.related:.3f}"]


def calibration_json(found: Calibration, risk: float) -> dict[str, Any]:
    """The same for programs."""
    fields = asdict(found)
    if certificate := found.certificate:
        del fields["certificate"]["articles"]
        fields["certificate"] |= {"risk": risk, "missing": _missing(certificate, risk)}
    return fields


def _missing(certificate: Certificate, risk: float) -> int:
    return max(0, answers_needed(certificate.wrong, risk) - certificate.answers)


def _certificate_lines(certificate: Certificate | None, risk: float) -> list[str]:
    if certificate is None:
        return ["No certificate: none of your questions was answered."]
    missing, bound = _missing(certificate, risk), f"{100 * risk:g} %"
    if not missing:
        return [f"{certificate}.", f"That certifies {bound}."]
    return [f"{certificate}.", f"To certify {bound}: {missing:,} more questions, answered without an error."]

#!/usr/bin/env python3
"""互验 — checks the lines of `cargo run -p ledger --example vectors -- N` with pymerkle 7.0.0.

Roots, inclusion paths and their verification are pymerkle's own. Its consistency proofs have another
shape than RFC 9162's (they repeat the old root), so two things are checked there: pymerkle's verifier
accepts our two roots with its proof, and our path is the RFC's recursive SUBPROOF (section 2.1.4.1)
over pymerkle's subtree roots. No proof may verify against another root, either.
"""

import json
import sys

from pymerkle import (InclusionProof, InmemoryTree, InvalidProof, verify_consistency,
                      verify_inclusion)

tree = InmemoryTree(algorithm="sha256")
roots = {}


def subtree(start, end):
    """MTH(D[start:end]), from the leaf hashes that pymerkle holds."""
    if end - start == 1:
        return tree.get_leaf(start + 1)
    k = split(end - start)
    return tree.hash_pair(subtree(start, start + k), subtree(start + k, end))


def split(n):
    return 1 << ((n - 1).bit_length() - 1)


def subproof(m, start, end, whole):
    """SUBPROOF(m, D[start:end], whole)."""
    n = end - start
    if m == n:
        return [] if whole else [subtree(start, end)]
    k = split(n)
    if m <= k:
        return subproof(m, start, start + k, whole) + [subtree(start + k, end)]
    return subproof(m - k, start + k, end, False) + [subtree(start, start + k)]


def check(line):
    n, index, old = line["n"], line["index"], line["old"]
    root = roots[n] = bytes.fromhex(line["root"])
    while tree.get_size() < n:
        tree.append_entry(b"leaf-%d" % tree.get_size())
    assert root == tree.get_root(n), "root"

    # Ours leaves out the leaf itself, which pymerkle puts first; the rule is a function of the place.
    theirs = tree.prove_inclusion(index + 1, n)
    leaf = tree.get_leaf(index + 1)
    path = [leaf] + [bytes.fromhex(sibling) for sibling in line["inclusion"]]
    assert path == theirs.path, "inclusion path"
    ours = InclusionProof("sha256", True, n, index + 1, theirs.rule, path)
    verify_inclusion(leaf, root, ours, index=index + 1, size=n, algorithm="sha256")
    try:
        verify_inclusion(leaf, bytes(32), ours)
    except InvalidProof:
        pass
    else:
        raise AssertionError("a wrong root was accepted")

    verify_consistency(roots[old], root, tree.prove_consistency(old, n),
                       prior_size=old, later_size=n, algorithm="sha256")
    consistency = [bytes.fromhex(node) for node in line["consistency"]]
    assert consistency == subproof(old, 0, n, True), "consistency path"


def main():
    passed = failed = 0
    for number, text in enumerate(sys.stdin, 1):
        try:
            check(json.loads(text))
            passed += 1
        except (AssertionError, InvalidProof, KeyError, TypeError, ValueError) as problem:
            failed += 1
            print(f"line {number}: {type(problem).__name__}: {problem}", file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    # Nothing checked is no success.
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())

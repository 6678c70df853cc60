"""Rules that every change is judged by, and packs that choose from them.

A rule looks at one resource as the engine is about to make it and at nothing else: rules know no component, and components
know no rule. `rules` holds them by concern, each folder with a PulumiPolicy.yaml is a pack, `packs` puts packs together, and
`serving` alone speaks to the engine.
"""

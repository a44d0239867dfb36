"""Makes hostile files: `make.py FOLDER COUNT SEED [FORBIDDEN [PORT]]`.

Writes COUNT files to FOLDER and a list of them, `files.jsonl`: name, media type to state, and what must come of it where only one thing is right. All that
is in them follows from SEED. Names that lead out of an archive lead to the folder FORBIDDEN, which holds a `secret.txt` that nothing may quote; links lead to PORT
on this machine, where nobody may call. A run of 500 files or more has its giants at full size, a shorter one at a tenth, and fewer of those that take seconds.
"""

import json
import os
import random
import sys

import kit


def main(folder, count, seed, forbidden="/nowhere", port="9"):
    import archives, papers, pictures, texts  # noqa: F401 each registers what it makes
    count, whole = int(count), int(count) >= 500
    world = kit.World(seed, 1 if whole else 10, forbidden, int(port))
    chance = random.Random(f"{seed} mutants")
    makers = list(kit.MADE)
    if not whole:
        slow = [maker for maker in makers if maker[3]]
        makers = [maker for maker in makers if not maker[3]]
        makers += chance.sample(slow, min(len(slow), count // 50))
    makers = chance.sample(makers, min(len(makers), count * 3 // 4)) if not whole else makers
    files = []
    for name, expect, media, _, maker in makers:
        world.chance = random.Random(f"{seed} {name}")
        files.append((name, expect, media, maker(world)))
    while len(files) < count:
        import mutate
        name, data = mutate.mutant(chance)
        files.append((name, "", "", data))
    chance.shuffle(files)
    with open(f"{folder}/files.jsonl", "w", encoding="utf-8") as listing:
        for number, (name, expect, media, data) in enumerate(files):
            path = f"{number:04}-{name}"
            with open(f"{folder}/{path}", "wb") as file:
                file.write(data)
            listing.write(json.dumps({"file": path, "media": media, "expect": expect}) + "\n")


if __name__ == "__main__":
    if not 4 <= len(sys.argv) <= 6:
        sys.exit(__doc__)
    os.makedirs(sys.argv[1], exist_ok=True)
    main(*sys.argv[1:])

"""Words that carry no subject: left out when a text is translated."""

FRENCH = """
afin ai aie aient ainsi ait alors aucun aucune aujourd auquel aura auront aussi autre autres auxquels avaient avait
avant avec avez avoir avons ayant c car ce ceci cela celle celles celui cependant certain certaine certaines
certains ces cet cette ceux chacun chacune chaque chez ci comme comment contre dans delors delà depuis deçà doit
doivent donc dont duquel dès elle elles encore enfin ensuite entre er es est et eu eux faire fait faut font grâce
hors hui ici il ils j je jusqu jusque laquelle lequel lesquelles lesquels leur leurs lors lorsqu lorsque lui ma mais
me mes moi moins mon même mêmes n ne ni non nos notamment notre nous on ont or ou outre où par parce parmi partir
pas pendant peu peut peuvent plus plusieurs pour pourquoi pourra pourront près pu puis puisque qu quand quant que
quel quelle quelles quelque quelques quels qui quoi s sa sans se sein selon sera seront ses si soi soient soit son
sont sous suis sur t ta tandis tant te tel telle telles tels tes toi ton toujours tous tout toute toutefois toutes
travers trop très tu vers via voici voire vos votre vous y ème également étaient était étant été être
"""
ENGLISH = """
about above after again against all also although am an and any are as at be because been before being below between
both but by can cannot could d did do does doing done down during each either else etc ever every few for from
further had has have having he her here hers herself him himself his how however i if in into is it its itself just
ll m may me might more most much must my myself neither no nor not now of off on once one only or other others our
ours ourselves out over own per re s same shall she should since so some such t than that the their theirs them
themselves then there thereby therefore these they this those through thus to together too towards under until up
upon us ve very via was we were what when where whereas whether which while who whom whose why will with within
without would yet you your yours
"""

FUNCTION_WORDS: dict[str, frozenset[str]] = {"fr": frozenset(FRENCH.split()), "en": frozenset(ENGLISH.split())}

"""Words that carry no meaning for retrieval, in French and English, accents kept and folded."""

_FRENCH = """
a à afin ai aie aient ainsi alors après as au aucun aucune aujourd auquel aura aurait auront aussi autre autres aux
auxquelles auxquels avaient avait avant avec avez avoir avons ayant beaucoup bien c ça car ce ceci cela celle
celles celui cependant ces cet cette ceux chacun chacune chaque chez ci comme comment contre d dans de depuis des
dès desquelles desquels donc dont du duquel durant elle elles en encore entre es est et étaient était étant été
être eu eux fait faire font furent fut hui ici il ils j je jusque l la là laquelle le lequel les lesquelles
lesquels leur leurs lors lorsque lui m ma mais malgré me même mêmes mes moins mon n ne néanmoins ni nos notamment
notre nôtre nous on ont ou où par parce parmi pas pendant peu peut peuvent plus plusieurs plutôt pour pourquoi
pourra pourrait pouvant pouvoir près puis puisque qu quand que quel quelle quelles quels qui quoi s sa sans se
selon sera serait seront ses si sien sinon soient soit son sont sous suis sur t ta tandis te tel telle telles tels
tes toi ton toujours tous tout toute toutefois toutes très trop tu un une vers via voici voilà vos votre vous vu y
"""
_ENGLISH = """
a about above after again against all also although always am among an and any are as at be because been before
being below between both but by can cannot could d did do does doing don down during each either etc ever every few
for from further had has have having he hence her here hers herself him himself his how however i if in into is it
its itself just ll m may me might more most much must my myself neither no nor not of off often on once only onto
or other others our ours ourselves out over own per rather re s same shall she should since so some such t than
that the their theirs them themselves then there thereby therefore these they this those through thus to too
towards under until up upon us ve very via was we were what when where whereas whether which while who whom whose
why will with within without would yet you your yours yourself
"""


def _both(text: str) -> frozenset[str]:
    plain = str.maketrans("àâçéèêëîïôùûœ", "aaceeeeiiouuo")
    words = text.split()
    return frozenset(words) | frozenset(word.translate(plain) for word in words)


FRENCH_STOPWORDS = _both(_FRENCH)
ENGLISH_STOPWORDS = frozenset(_ENGLISH.split())

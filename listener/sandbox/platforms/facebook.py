"""Facebook as the Graph API shows it to one page, the bakery's.

Every post of somebody else tags the bakery's page, unless it stands in the channel "visitor": those are on the
page's timeline. Who wrote a post is told of pages alone: of authors whose name ends in "page", and in comments.
"""

from listener.sandbox.platforms.graph import OWN, Edge, Graph, Node, Refused, Threads, missing, moment
from listener.sandbox.server import Request
from listener.sandbox.world import Post
from storage.records import Kind

PAGE = "100200300400500"
POSTS, COMMENTS = 10_000_000_000, 20_000_000_000


class Shown(Threads):
    """The world's posts in the fields of the API."""

    def of_post(self, post: Post) -> Node:
        number = f"{_owner(post)}_{POSTS + post.id}"
        is_own = post.author == OWN
        return {
            "id": number,
            "message": post.text or None,
            "created_time": moment(post),
            "permalink_url": f"https://www.facebook.com/{number}",
            "from": self._from(post) if is_own or post.author.endswith("page") else None,
            "shares": {"count": post.shares} if post.shares else None,
            "reactions": Edge((), self.of_comment, total=post.likes),
            "comments": Edge(self.stream(post), self.of_comment, total=None if is_own else post.comments),
        }

    def of_comment(self, comment: Post) -> Node:
        post, parent = self.post_of(comment), self.parent(comment)
        number = f"{POSTS + post.id}_{COMMENTS + comment.id}"
        return {
            "id": number,
            "message": comment.text,
            "created_time": moment(comment),
            "permalink_url": f"https://www.facebook.com/{POSTS + post.id}?comment_id={COMMENTS + comment.id}",
            "from": self._from(comment),
            "like_count": comment.likes,
            "comment_count": comment.comments,
            "parent": {"id": f"{POSTS + post.id}_{COMMENTS + parent.id}"} if parent else None,
        }

    def _from(self, post: Post) -> Node:
        number = PAGE if post.author == OWN else str(500_000 + sum(post.author.encode()))
        return {"id": number, "name": post.author}


class Facebook(Graph):
    name = "facebook"
    threads = Shown

    def node(self, node: str) -> Node:
        if node == OWN:
            return {"id": PAGE, "name": OWN}
        owner, _, number = node.rpartition("_")
        if not number.isdecimal():
            raise Refused(803, f"(#803) Some of the aliases you requested do not exist: {node}")
        shown: Shown = self.shown()
        comment = shown.comment(int(number) - COMMENTS)
        if comment is not None:
            return shown.of_comment(comment)
        posts = [*shown.posts, *shown.own]
        post = next((one for one in posts if one.id == int(number) - POSTS), None)
        if post is None or _owner(post) != owner:
            raise missing(node)
        return shown.of_post(post)

    def edge(self, node: str, name: str, request: Request) -> Edge | list[Node]:
        shown: Shown = self.shown()
        posts = [one for one in shown.posts if one.kind is Kind.POST]
        match node, name:
            case _, "tagged" if node == PAGE:
                return Edge([one for one in posts if _owner(one) != PAGE], shown.of_post)
            case _, "feed" if node == PAGE:
                return Edge(posts, shown.of_post)
            case _, "published_posts" if node == PAGE:
                return Edge(shown.own, shown.of_post)
            case _, "ratings" if node == PAGE:
                raise Refused(12, "(#12) ratings is deprecated for versions v22.0 and higher")
            case _, "comments":
                return _filtered(self.node(node), request)
        raise missing(node)


def _filtered(node: Node, request: Request) -> Edge:
    """Comments in the order asked for; by default oldest first, without replies."""
    edge: Edge = node["comments"]
    if request.arg("filter") != "stream" or request.arg("order") != "reverse_chronological":
        return Edge([one for one in reversed(edge.posts) if not one.parent], edge.show)
    return edge


def _owner(post: Post) -> str:
    """On whose timeline a post stands."""
    at_home = post.author == OWN or post.channel == "visitor"
    return PAGE if at_home else str(500_000 + sum(post.author.encode()))

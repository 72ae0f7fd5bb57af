"""Instagram as the Graph API shows it to one professional account, the bakery's.

Every post of somebody else tags the bakery, unless it stands in the channel "hashtag".
"""

from datetime import timedelta

from listener.sandbox.platforms.graph import OWN, Edge, Graph, Node, Refused, Threads, missing, moment
from listener.sandbox.server import Request
from listener.sandbox.world import Post
from storage.records import Kind

ACCOUNT = "17841400000000001"
MEDIA, COMMENTS = 17_900_000_000_000_000, 18_000_000_000_000_000
HASHTAG = "1784"
"""With which the made-up number of a hashtag begins; its letters follow."""


class Shown(Threads):
    """The world's posts in the fields of the API."""

    def of_post(self, post: Post) -> Node:
        return {
            **self.of_hashtag(post),
            "username": post.author,
            "comments_count": len(self.stream(post)) if post.author == OWN else post.comments,
            "comments": Edge(self.top(post), self.of_comment),
        }

    def of_hashtag(self, post: Post) -> Node:
        """As posts with a hashtag are shown: without their author."""
        return {
            "id": str(MEDIA + post.id),
            "caption": post.text or None,
            "timestamp": moment(post),
            "permalink": f"https://www.instagram.com/p/{post.id}/",
            "like_count": None if post.likes < 0 else post.likes,  # hidden by the author
            "comments_count": post.comments,
        }

    def of_comment(self, comment: Post) -> Node:
        post, parent = self.post_of(comment), self.parent(comment)
        return {
            "id": str(COMMENTS + comment.id),
            "text": comment.text,
            "timestamp": moment(comment),
            "username": comment.author,
            "like_count": comment.likes,
            "parent_id": str(COMMENTS + parent.id) if parent else None,
            "media": {
                "id": str(MEDIA + post.id),
                "permalink": f"https://www.instagram.com/p/{post.id}/",
                "username": OWN,
            },
            "replies": Edge(self.replies(comment), self.of_comment),
        }


class Instagram(Graph):
    name = "instagram"
    threads = Shown

    def node(self, node: str) -> Node:
        """Comments on own posts, and own posts; those of others are not for direct queries."""
        if not node.isdecimal():
            raise Refused(803, f"(#803) Some of the aliases you requested do not exist: {node}")
        shown: Shown = self.shown()
        number = int(node)
        comment = shown.comment(number - COMMENTS)
        if comment is not None:
            return shown.of_comment(comment)
        post = next((one for one in shown.own if one.id == number - MEDIA), None)
        if post is None:
            raise missing(node)
        return shown.of_post(post)

    def edge(self, node: str, name: str, request: Request) -> Edge | list[Node]:
        shown: Shown = self.shown()
        match node, name:
            case "me", "accounts":
                linked = {"id": "1", "instagram_business_account": {"id": ACCOUNT, "username": OWN}}
                return [linked, {"id": "2", "instagram_business_account": None}]
            case _, "tags" if node == ACCOUNT:
                return Edge([one for one in shown.posts if _tags(one)], shown.of_post, names_next=False)
            case _, "media" if node == ACCOUNT:
                return Edge(shown.own, shown.of_post)
            case "ig_hashtag_search", "":
                return self._search(request, shown)
            case _, "recent_media" if request.arg("user_id") == ACCOUNT:
                day_ago = self._world.now - timedelta(days=1)
                recent = [one for one in shown.posts if one.kind is Kind.POST and one.published_at >= day_ago]
                tagged = [one for one in recent if node in map(_hashtag, one.tags)]
                return Edge(tagged, shown.of_hashtag)
        edge = self.node(node).get(name)
        if not isinstance(edge, Edge):
            raise missing(node)
        return edge

    def _search(self, request: Request, shown: Shown) -> list[Node]:
        tag = request.arg("q")
        if not any(tag in one.tags for one in shown.posts):
            raise Refused(24, "The requested resource does not exist", 2207024)
        return [{"id": _hashtag(tag)}]


def _hashtag(tag: str) -> str:
    return HASHTAG + tag.encode().hex()


def _tags(post: Post) -> bool:
    return post.kind is Kind.POST and post.author != OWN and post.channel != "hashtag"

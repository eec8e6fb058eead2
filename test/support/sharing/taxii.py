"""Reads a TAXII 2.1 server as any member would, with a client from PyPI. Prints what it found as JSON."""

import json
import sys

import requests
from taxii2client.v21 import Collection, Server, as_pages

url, token = sys.argv[1], sys.argv[2]


class Bearer(requests.auth.AuthBase):
    def __call__(self, request):
        request.headers["Authorization"] = "Bearer " + token
        return request


server = Server(url + "/taxii2/", auth=Bearer())
root = server.default
collection = root.collections[0]
again = Collection(collection.url, auth=Bearer())
pages = [page.get("objects", []) for page in as_pages(again.get_objects, per_request=5)]
objects = [each for page in pages for each in page]
manifest = again.get_manifest()["objects"]
indicator = next(each for each in objects if each["type"] == "indicator")
one = again.get_object(indicator["id"])
versions = again._conn.get(
    again.objects_url + indicator["id"] + "/versions/", headers={"Accept": "application/taxii+json;version=2.1"}
)
print(
    json.dumps(
        {
            "title": server.title,
            "collection": collection.title,
            "canWrite": collection.can_write,
            "pages": [len(page) for page in pages],
            "types": sorted(each["type"] for each in objects),
            "ids": [each["id"] for each in objects],
            "manifest": [each["id"] for each in manifest],
            "sightings": len(again.get_objects(type="sighting")["objects"]),
            "one": [each["id"] for each in one["objects"]] == [indicator["id"]],
            "versions": versions["versions"] == [indicator["modified"]],
            "later": again.get_objects(added_after=manifest[-1]["date_added"]),
            "since": len(again.get_objects(added_after=manifest[4]["date_added"])["objects"]),
        }
    )
)

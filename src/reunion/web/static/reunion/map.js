// Draws the map of the places in the list above it: outlines from a file of this site, no tiles.
// On a wide screen the map is open from the start; on a phone it opens, and loads, on request.
"use strict";

(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function element(tag, text, name = "") {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = name;
    return made;
  }

  function marker(point) {
    const icon = L.divIcon({ html: element("span", point.name), className: "map-point", iconSize: null });
    const words = element("div", "");
    words.append(element("strong", point.name), element("p", point.place), element("p", point.address));
    const made = L.marker([point.lat, point.lon], { icon, title: point.name, alt: point.name });
    return made.bindPopup(words);
  }

  function clusters(data) {
    return L.markerClusterGroup({
      animate: !still,
      showCoverageOnHover: false,
      iconCreateFunction: (cluster) => L.divIcon({
        html: element("span", `${cluster.getChildCount()} ${data.words.places}`),
        className: "map-point map-cluster",
        iconSize: null,
      }),
    });
  }

  async function draw(opening) {
    if (opening.dataset.ready) return;
    opening.dataset.ready = "drawing";
    const data = JSON.parse(document.getElementById(opening.dataset.map).textContent);
    const answer = await fetch(data.outlines);
    const topology = await answer.json();
    const map = L.map(opening.querySelector(".map-drawing"), {
      minZoom: 3,
      maxZoom: 12, // markercluster wants one where there are no tiles
      preferCanvas: true,
      scrollWheelZoom: false, // a wheel over the map moves the page
      zoomControl: false,
      zoomAnimation: !still,
      fadeAnimation: !still,
      markerZoomAnimation: !still,
      attributionControl: false,
    });
    L.control.zoom({ zoomInTitle: data.words.in, zoomOutTitle: data.words.out }).addTo(map);
    const units = L.geoJSON(topojson.feature(topology, topology.objects.units), {
      interactive: false,
      style: { color: "#6b6b6b", weight: 1, fillColor: "#f3f2ed", fillOpacity: 1 },
    }).addTo(map);
    L.geoJSON(topojson.feature(topology, topology.objects.lines), {
      interactive: false,
      style: { color: "#6b6b6b", weight: 2 },
    }).addTo(map);
    const group = clusters(data);
    group.addLayers(data.points.map(marker));
    map.addLayer(group);
    const shown = data.points.length ? group.getBounds() : units.getBounds();
    map.fitBounds(shown, { maxZoom: 8, padding: [40, 40], animate: false });
    opening.dataset.ready = "yes";
  }

  function prepare(within) {
    for (const opening of within.querySelectorAll("[data-map]:not([data-prepared])")) {
      opening.dataset.prepared = "yes";
      opening.hidden = false;
      opening.addEventListener("toggle", () => { if (opening.open) draw(opening); });
      if (matchMedia("(min-width: 48rem)").matches) opening.open = true;
    }
  }

  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
})();

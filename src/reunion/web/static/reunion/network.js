// Draws the networks of a page; the list below each says the same, and selects in the picture.
"use strict";

(() => {
  // The library would add a style element of its own, which the page's policy forbids; it does not
  // where an element with this id is there. The one rule that it wants is in pictures.css.
  const STYLES = "__________cytoscape_stylesheet";

  const look = [
    { selector: "*", style: { "font-family": getComputedStyle(document.body).fontFamily } },
    { selector: "node", style: { "background-color": "#12436d", "shape": "data(shape)", "label": "data(name)", "font-size": 15, "color": "#1b1b1b", "text-valign": "bottom", "text-margin-y": 4, "text-background-color": "#fff", "text-background-opacity": 0.85, "width": 24, "height": 24 } },
    { selector: "node[focus = 1]", style: { "width": 32, "height": 32, "border-width": 4, "border-color": "#f46a25" } },
    { selector: "edge", style: { "width": 2, "line-color": "#6b6b6b", "target-arrow-color": "#6b6b6b", "target-arrow-shape": "triangle", "curve-style": "bezier", "label": "data(name)", "font-size": 13, "color": "#3d3d3d", "text-rotation": "autorotate", "text-background-color": "#fff", "text-background-opacity": 0.85 } },
    { selector: "node:selected", style: { "border-width": 5, "border-color": "#801650" } },
    { selector: "edge.beside", style: { "width": 4, "line-color": "#801650", "target-arrow-color": "#801650" } },
  ];

  // So many fit into the picture with names of full size; more are moved into view by hand.
  const FEW = 40;
  const CLOSEST = 0.6; // nearer to each other the names would cover one another

  function place(graph) {
    const box = graph.nodes().boundingBox({ includeLabels: false });
    const room = [graph.width() - 180, graph.height() - 90];
    if (graph.nodes().length <= FEW) {
      const [x, y] = [room[0] / Math.max(box.w, 1), room[1] / Math.max(box.h, 1)].map((fit) => Math.max(fit, CLOSEST));
      graph.nodes().positions((node) => ({ x: (node.position("x") - box.x1) * x, y: (node.position("y") - box.y1) * y }));
    }
    const middle = graph.nodes().length <= FEW ? graph.nodes() : graph.nodes("[focus = 1]");
    graph.zoom(1);
    graph.center(middle.length ? middle : graph.nodes());
  }

  function select(graph, node) {
    graph.elements().unselect();
    graph.edges().removeClass("beside");
    const chosen = graph.getElementById(node);
    chosen.select();
    chosen.connectedEdges().addClass("beside");
    graph.center(chosen);
  }

  function draw(picture) {
    if (picture.dataset.ready) return;
    picture.dataset.ready = "drawing";
    if (!document.getElementById(STYLES)) {
      const mark = document.createElement("span");
      mark.id = STYLES;
      mark.hidden = true;
      document.body.append(mark);
    }
    const data = JSON.parse(document.getElementById(picture.dataset.network).textContent);
    picture.hidden = false;
    const graph = cytoscape({
      container: picture,
      elements: { nodes: data.nodes, edges: data.links },
      style: look,
      // From the places that the page gives, without chance: the picture is the same each time.
      layout: { name: "cose", animate: false, randomize: false, nodeDimensionsIncludeLabels: true, idealEdgeLength: () => 70, componentSpacing: 60 },
      autoungrabify: true,
      userZoomingEnabled: false, // a wheel over the picture moves the page
    });
    for (const row of document.querySelectorAll(`[data-network-list="${picture.dataset.network}"] > [data-node]`)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = data.show;
      button.setAttribute("aria-label", `${data.show}: ${graph.getElementById(row.dataset.node).data("name")}`);
      button.addEventListener("click", () => {
        select(graph, row.dataset.node);
        picture.scrollIntoView({ block: "nearest" });
      });
      row.querySelector(".kind").after(" ", button);
    }
    graph.on("tap", "node", (event) => select(graph, event.target.id()));
    place(graph);
    new ResizeObserver(() => { graph.resize(); place(graph); }).observe(picture);
    picture.dataset.places = JSON.stringify(graph.nodes().map((node) => [node.id(), node.position("x"), node.position("y")]));
    picture.dataset.ready = "yes";
  }

  function drawAll(within) {
    for (const picture of within.querySelectorAll("[data-network]")) draw(picture);
  }

  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();

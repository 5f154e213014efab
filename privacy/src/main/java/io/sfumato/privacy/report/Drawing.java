package io.sfumato.privacy.report;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.jetbrains.letsPlot.commons.encoding.UnsupportedRGBEncoder;
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/**
 * A {@link Chart} drawn by Lets-Plot as SVG for a page: without styles, scripts and colours of its own, which are the stylesheet's ({@link Tone}); ids are the page's, sizes bend to the room there
 * is, and figures have one decimal.
 */
final class Drawing {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(?:[eE]-?\\d+)?");
  private static final Pattern REFERENCE = Pattern.compile("url\\(#([^)]+)\\)");

  private final String prefix;
  private final Map<String, String> ids = new HashMap<>();

  private Drawing(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Draws.
   *
   * @param id unique on the page
   * @return an {@code svg} element, hidden from screen readers: what holds it has the text alternative
   */
  static String svg(Chart chart, String id, int width, int height) {
    String raw = PlotSvgExportCommon.INSTANCE.buildSvgImageFromRawSpecs(chart.spec(width, height), null,
        new UnsupportedRGBEncoder(), true);
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(raw)));
      Element root = document.getDocumentElement();
      var drawing = new Drawing(id);
      drawing.clean(root);
      root.removeAttribute("width");
      root.removeAttribute("height");
      root.removeAttribute("class");
      root.setAttribute("viewBox", "0 0 " + width + " " + height);
      root.setAttribute("aria-hidden", "true");
      root.setAttribute("focusable", "false");
      return text(root);
    } catch (Exception e) {
      throw new IllegalStateException("Lets-Plot drew what is not SVG: " + e.getMessage(), e);
    }
  }

  private void clean(Element element) {
    List<Node> children = new ArrayList<>();
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      children.add(child);
    }
    for (Node child : children) {
      if (child instanceof Element inner) {
        clean(inner);
        boolean nothing = (inner.getTagName().equals("path") && !inner.hasAttribute("d"))
            || (inner.getTagName().equals("g") && !inner.hasChildNodes());
        if (nothing || inner.getTagName().equals("style")) {
          element.removeChild(inner);
        }
      } else if (child.getTextContent().isBlank()) {
        element.removeChild(child);
      } else {
        child.setTextContent(child.getTextContent().strip());
      }
    }
    attributes(element);
  }

  private void attributes(Element element) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      names.add(element.getAttributes().item(i).getNodeName());
    }
    StringBuilder classes = new StringBuilder(element.getAttribute("class"));
    for (String name : names) {
      String value = element.getAttribute(name);
      Tone tone = tone(value);
      if (name.equals("stroke") || name.equals("fill")) {
        if (tone != null) {
          element.removeAttribute(name);
          classes.append(' ').append(name.charAt(0)).append('-').append(tone.label());
        }
      } else if (name.equals("id")) {
        element.setAttribute(name, id(value));
      } else if (name.equals("clip-bounds-jfx") || name.startsWith("xmlns:") || value.isBlank()
          || ((name.equals("stroke-opacity") || name.equals("fill-opacity")) && value.equals("1.0"))
          || (name.equals("d") && value.startsWith("M0.0 0.0 L0.0 "))) {
        element.removeAttribute(name);
      } else if (value.startsWith("url(#")) {
        Matcher reference = REFERENCE.matcher(value);
        element.setAttribute(name, reference.replaceAll(match -> "url(#" + id(match.group(1)) + ")"));
      } else if (!name.equals("class") && !name.startsWith("xmlns")) {
        element.setAttribute(name, NUMBER.matcher(value).replaceAll(match -> rounded(match.group())));
      }
    }
    if (!classes.toString().isBlank()) {
      element.setAttribute("class", classes.toString().strip());
    }
  }

  private static @Nullable Tone tone(String value) {
    for (Tone tone : Tone.values()) {
      if (tone.is(value)) {
        return tone;
      }
    }
    return null;
  }

  private String id(String old) {
    return ids.computeIfAbsent(old, key -> prefix + "-" + ids.size());
  }

  private static String rounded(String number) {
    String text = String.format(Locale.ROOT, "%.1f", Double.parseDouble(number));
    return text.endsWith(".0") ? text.substring(0, text.length() - 2).replaceAll("^-0$", "0") : text;
  }

  private static String text(Element root) throws Exception {
    TransformerFactory factory = TransformerFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    Transformer transformer = factory.newTransformer();
    transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    var out = new StringWriter();
    transformer.transform(new DOMSource(root), new StreamResult(out));
    return out.toString();
  }
}

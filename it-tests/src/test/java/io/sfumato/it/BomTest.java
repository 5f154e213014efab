package io.sfumato.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The bill of materials names every module that a program can depend on, with the version of this build, and nothing else. */
class BomTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void listsEveryModuleWithTheVersionOfTheBuild() throws Exception {
    Document parent = read(ROOT.resolve("pom.xml"));
    String version = texts(parent, "/project/version").getFirst();
    List<String> expected = new ArrayList<>();
    for (String module : texts(parent, "/project/modules/module")) {
      Path folder = ROOT.resolve(module);
      if (Files.isDirectory(folder.resolve("src/main/java"))) {
        expected.add(texts(read(folder.resolve("pom.xml")), "/project/artifactId").getFirst() + ":" + version);
      }
    }
    Document bom = read(ROOT.resolve("recommend/bom/pom.xml"));
    String dependency = "/project/dependencyManagement/dependencies/dependency/";
    List<String> artifacts = texts(bom, dependency + "artifactId");
    List<String> versions = texts(bom, dependency + "version");
    List<String> listed = new ArrayList<>();
    for (int i = 0; i < artifacts.size(); i++) {
      listed.add(artifacts.get(i) + ":" + versions.get(i));
    }
    assertThat(listed).isNotEmpty().containsExactlyElementsOf(expected);
    assertThat(texts(bom, dependency + "groupId")).containsOnly("io.sfumato").hasSameSizeAs(listed);
    assertThat(texts(bom, "/project/version")).containsExactly(version);
    assertThat(texts(bom, "/project/parent")).as("a parent would pin other libraries too").isEmpty();
  }

  private static Document read(Path file) throws Exception {
    return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static List<String> texts(Document document, String path) throws Exception {
    XPath evaluator = XPathFactory.newDefaultInstance().newXPath();
    NodeList nodes = (NodeList) evaluator.evaluate(path, document, XPathConstants.NODESET);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent().strip());
    }
    return texts;
  }
}

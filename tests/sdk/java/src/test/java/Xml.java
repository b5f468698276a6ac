import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/** Reads a reply in XML: an element becomes its text, or a map with the list of child elements of each name. */
class Xml {
    static Map<String, List<Object>> read(String text) throws Exception {
        var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return members(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(bytes).getDocumentElement());
    }

    private static Map<String, List<Object>> members(Element parent) {
        var members = new HashMap<String, List<Object>>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                var inner = members(element);
                members.computeIfAbsent(element.getTagName(), name -> new ArrayList<>())
                        .add(inner.isEmpty() ? element.getTextContent() : inner);
            }
        }
        return members;
    }
}

package dev.baton.tools.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class NodeConfTest
{
    private static final Path DIRECTORY = Path.of("/run/baton/demo");

    @Test
    void shouldGiveTheFrontTheVipAndItsPeers() throws IOException
    {
        final Properties front = load(LabConfig.defaults(), "front");
        assertEquals("front", front.get("node.name"));
        assertEquals("/run/baton/demo/front", front.get("node.run.dir"));
        assertEquals("bt0", front.get("tun.name"));
        assertEquals("198.18.200.2,fd00:198:18:200::2,198.18.255.1,fd00:198:18:ff::1", front.get("stack.addresses"));
        assertEquals("198.19.0.12:7400", front.get("control.listen"));
        assertEquals("b1=198.19.0.13:7400,b2=198.19.0.14:7400", front.get("control.peers"));
        assertEquals("/run/baton/demo/certs/front.p12", front.get("control.keystore"));
        assertEquals("198.18.255.1:80,[fd00:198:18:ff::1]:80", front.get("module.early-handoff.vips"));
        assertEquals("198.18.200.4,fd00:198:18:200::4", front.get("module.early-handoff.back.b2"));
        assertEquals("b1,b2", front.get("module.early-handoff.policy.rules"));
        assertEquals("2000", front.get("stack.time.wait.ms"));
    }

    @Test
    void shouldNotGiveABackTheVip() throws IOException
    {
        final Properties back = load(LabConfig.defaults(), "b2");
        assertEquals("198.18.200.4,fd00:198:18:200::4", back.get("stack.addresses"));
        assertEquals("front=198.19.0.12:7400,b1=198.19.0.13:7400", back.get("control.peers"));
    }

    @Test
    void shouldLetTheLabFileHaveTheLastWord() throws IOException
    {
        final LabConfig config = LabConfig.defaults().withSetting("node", "stack.time.wait.ms", "5")
            .withSetting("b1", "service.http.root", "/a\\b").withSetting("b1", "own.key", "x=y #z");
        final Properties back = load(config, "b1");
        assertEquals("5", back.get("stack.time.wait.ms"));
        assertEquals("/a\\b", back.get("service.http.root"));
        assertEquals("x=y #z", back.get("own.key"));
        assertNull(load(config, "b2").get("own.key"));
    }

    private static Properties load(final LabConfig config, final String node) throws IOException
    {
        final LabCertificates certificates = new LabCertificates(DIRECTORY.resolve("certs"));
        final String text = String.join("\n",
            new NodeConf(config, DIRECTORY, certificates).lines(node, Path.of("/opt/early-handoff.jar")));
        final Properties properties = new Properties();
        properties.load(new StringReader(text));
        return properties;
    }
}

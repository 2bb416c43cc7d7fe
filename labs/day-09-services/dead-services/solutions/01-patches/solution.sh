kubectl patch service north -p '{"spec":{"selector":{"app":"north"}}}'
kubectl patch service south --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":80}]'
kubectl patch service east --type=json -p '[{"op":"replace","path":"/spec/ports/0/targetPort","value":"http"}]'
kubectl patch deployment west --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe/httpGet/path","value":"/"}]'
kubectl rollout status deployment/west

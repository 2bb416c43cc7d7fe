curl --max-time 3 "http://$(kubectl get service tides -o jsonpath='{.spec.clusterIP}'):8080/"
{
  echo "clusterAddress: $(kubectl get service tides -o jsonpath='{.spec.clusterIP}')"
  echo "fromOutside: timeout"
} > notes.yaml
